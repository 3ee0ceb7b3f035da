namespace Gantry.Nuke.Publishing;

/// <summary>GAN3022 to GAN3024: images that would be built of other files than those of the release.</summary>
internal static class PublishErrors
{
    private const string Again = "run it without --skip, so that PublishImages runs before BuildImage";

    public static GantryException NotPublished(string image) =>
        new("GAN3022", $"artifacts/{image} was not published by this run", $"{Again}; a target PublishImages of the build class inherits from IPublishImages");

    public static GantryException NoRecord(string image) =>
        new("GAN3022", $"artifacts/{image} was not published by this run, and artifacts/published.json does not say of which sources it is", Again);

    public static GantryException OtherSources(string image, string published, string built) =>
        new("GAN3023", $"artifacts/{image} was published as {published}, and this run builds {built}", $"{Again}, and have git ignore what the build writes");

    public static GantryException FolderChanged(string image) =>
        new("GAN3024", $"artifacts/{image} has changed since PublishImages published it", $"{Again}; a target that changes the folder belongs into that run");
}
