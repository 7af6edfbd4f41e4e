// What the scripts of the page share: the model behind an element, by one of its classes.
const modelWithClass = (page, name) => [...page._all_models.values()].find((model) => model.css_classes?.includes(name));
