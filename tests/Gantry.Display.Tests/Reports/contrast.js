// Returns the texts of the page whose contrast is below that of WCAG 2.2, 1.4.3 (level AA): "ratio text (colour on colour)". Beside them,
// the icons and borders that say something, by 1.4.11.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { red, green, blue, alpha: alpha / 255 };
  };
  const over = (top, bottom) => Object.fromEntries(["red", "green", "blue"]
    .map(part => [part, top[part] * top.alpha + bottom[part] * (1 - top.alpha)]).concat([["alpha", 1]]));
  const background = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    const page = matchMedia("(prefers-color-scheme: dark)").matches ? parse("#121212") : parse("#ffffff");
    return layers.reduceRight((below, layer) => over(layer, below), page);
  };
  const luminance = colour => [colour.red, colour.green, colour.blue]
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const faults = [];
  let texts = 0;
  const compare = (element, colour, pseudo, required) => {
    const below = background(element);
    const found = ratio(over(parse(colour), below), below);
    if (found < required) faults.push(`${found.toFixed(2)} ${pseudo ?? ""} ${element.textContent.trim().slice(0, 40)} (${colour})`);
  };
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })) continue;
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (hasText) {
      texts++;
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
      compare(element, style.color, null, isLarge ? 3 : 4.5);
    }
    const icon = getComputedStyle(element, "::before");
    if (icon.clipPath !== "none" && icon.content !== "none" && icon.visibility !== "hidden") compare(element, icon.backgroundColor, "icon", 3);
    if (element.matches("input, button")) compare(element.parentElement, style.borderTopColor, "border", 3);
  }
  return { texts, faults };
}
