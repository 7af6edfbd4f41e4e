// What FilePond says of a file while it is sent, and at the buttons beside it, in the language of the page.
(() => {
  if (!window.FilePond) return;
  // It takes no words for what it does not know yet.
  for (const plugin of ["FilePondPluginFileValidateType", "FilePondPluginFileValidateSize"])
    if (window[plugin]) FilePond.registerPlugin(window[plugin]);
  FilePond.setOptions({
    labelFileWaitingForSize: say("Waiting for the size"),
    labelFileSizeNotAvailable: say("Size not known"),
    labelFileLoading: say("Loading"),
    labelFileAdded: say("Added"),
    labelFileLoadError: say("Could not be loaded"),
    labelFileRemoved: say("Removed"),
    labelFileRemoveError: say("Could not be removed"),
    labelFileProcessing: say("Sending"),
    labelFileProcessingComplete: say("Sent"),
    labelFileProcessingAborted: say("Cancelled"),
    labelFileProcessingError: say("Could not be sent"),
    labelFileProcessingRevertError: say("Could not be undone"),
    labelButtonRemoveItem: say("Remove"),
    labelButtonAbortItemLoad: say("Cancel"),
    labelButtonRetryItemLoad: say("Try again"),
    labelButtonAbortItemProcessing: say("Cancel"),
    labelButtonUndoItemProcessing: say("Undo"),
    labelButtonRetryItemProcessing: say("Try again"),
    labelButtonProcessItem: say("Send"),
    labelMaxFileSizeExceeded: say("The file is too large"),
    labelMaxFileSize: say("It may have {filesize}"),
    labelFileTypeNotAllowed: say("A file of this kind is not taken"),
  });
})();
