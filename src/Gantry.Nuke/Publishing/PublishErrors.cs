namespace Gantry.Nuke.Publishing;

/// <summary>GAN3022 to GAN3024: images that would be built from other files than those of the release.</summary>
internal static class PublishErrors
{
    private const string Again = "run it without --skip, so that PublishImages runs before BuildImage";

    public static GantryException NotPublished(string folder) =>
        new("GAN3022", $"{folder} was not published by this run", $"{Again}; a target PublishImages of the build class inherits from IPublishImages");

    public static GantryException NoRecord(string folder, string file) =>
        new("GAN3022", $"{folder} was not published by this run, and {file} does not record which sources it was published from", Again);

    public static GantryException OtherSources(string folder, string published, string built) =>
        new("GAN3023", $"{folder} was published as {published}, and this run builds {built}", Again);

    public static GantryException FolderChanged(string folder) =>
        new("GAN3024", $"{folder} has changed since PublishImages published it", $"{Again}; a target that changes the folder belongs in that run");
}
