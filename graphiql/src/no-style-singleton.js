// In place of npm react-style-singleton, which writes <style> elements that the policy of this page
// forbids. All it does for dialogs is to keep the page behind them from scrolling, which this page
// does not do anyway.
export const styleSingleton = () => () => null;
export const styleHookSingleton = () => () => undefined;
export const stylesheetSingleton = () => ({ add() {}, remove() {} });
