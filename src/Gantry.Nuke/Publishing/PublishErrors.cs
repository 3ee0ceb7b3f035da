using Gantry.Images.Applications;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// GAN3022 to GAN3026, GAN7010, GAN7016, GAN7050 and GAN7064: projects of images and the folders that they are published to.
/// </summary>
internal static class PublishErrors
{
    private const string Again = "run it without --skip, so that PublishImages runs before BuildImage";

    public static GantryException NotPublished(string folder) =>
        new(
            "GAN3022",
            $"{folder} was not published by this run",
            $"{Again}; a target PublishImages of the build class inherits from IPublishImages");

    public static GantryException NoRecord(string folder, string file) =>
        new("GAN3022", $"{folder} was not published by this run, and {file} does not record which sources it was published from", Again);

    public static GantryException OtherSources(string folder, string published, string built) =>
        new("GAN3023", $"{folder} was published as {published}, and this run builds {built}", Again);

    public static GantryException FolderChanged(string folder) =>
        new(
            "GAN3024",
            $"{folder} has changed since PublishImages published it",
            $"{Again}; a target that changes the folder belongs in that run");

    public static GantryException LayerMissing(string dockerfile, string folder, IEnumerable<string> missing) =>
        new(
            "GAN3025",
            $"{dockerfile} copies some layers of {folder} and not {string.Join(", ", missing)}, so that files would be missing",
            $"copy all of them: {string.Join(", ", ApplicationLayout.Folders)}");

    public static GantryException LayersTwice(string dockerfile, string folder) =>
        new(
            "GAN3026",
            $"{dockerfile} copies {folder} as a whole, and the folders of layers in it as well",
            "remove one of them; docs/images.md shows a Dockerfile with layers");

    public static GantryException ProjectNotInSolution(string image, string project, string solution) =>
        new(
            "GAN7010",
            $"the project {project} of the image '{image}' is not part of {solution}",
            "correct Project in the declaration, or add the project to the solution");

    public static GantryException ReservedImageName(string image, string folder) =>
        new("GAN7016", $"the image '{image}' would be published to {folder}, which belongs to the build", "give it another name");

    public static GantryException Unreadable(string path, Exception inner) =>
        new(
            "GAN7064",
            $"{path} was published and cannot be read: {inner.Message.TrimEnd('.')}",
            "correct what the project publishes: a name that is not UTF-8, a link to nothing, or a file without permission",
            inner);

    public static GantryException ProjectNotFound(string image, string project, string fault) =>
        new(
            "GAN7050",
            $"the project {project} of the image '{image}' {fault}",
            "correct Project in the declaration: a project file or the folder of one, from the root of the repository");
}
