namespace Gantry.Nuke.Registries;

/// <summary>GAN7012 and GAN7018: the location where built images are stored.</summary>
internal static class ImageStoreErrors
{
    public static GantryException NothingBuilt(string file) =>
        new(
            "GAN7012",
            $"there is no {file}, so there is nothing to push",
            "run BuildImage before PushBase, or promote an existing release with --release");

    public static GantryException StoreHoldsReleases(string store, string place) =>
        new(
            "GAN7018",
            $"images cannot be built into {store}, which is {place}",
            "leave --image-store out, or name a location without releases");
}
