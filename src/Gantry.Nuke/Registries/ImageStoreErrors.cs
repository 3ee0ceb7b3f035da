namespace Gantry.Nuke.Registries;

/// <summary>GAN7012, GAN7018 and GAN7057: the location where built images are stored.</summary>
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

    public static GantryException StoreOutsideOfDryRun(string store) =>
        new(
            "GAN7057",
            $"a dry run does not build images into {store}, which is outside of the working folder",
            "leave --image-store out, or build first and run PushBase and the promotions with --skip --dry-run");
}
