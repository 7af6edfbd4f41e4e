"""The colours of segments, by slot, wherever they are drawn; ``custseg.panes.base.style`` says how they were chosen."""

SLOT_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#D20F4B",
    "#962DFF",
    "#786900",
    "#87A5F0",
    "#B4A55A",
    "#9678FF",
)
