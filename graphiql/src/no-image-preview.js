// In place of GraphiQL's preview of images behind URLs in answers: this page loads nothing from
// elsewhere.
export function ImagePreview() {
  return null;
}

ImagePreview.shouldRender = () => false;
