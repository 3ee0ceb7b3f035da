using System.Text.Json.Nodes;
using System.Text.Json;
using Gantry.Environments;

namespace Gantry.Nuke.Publishing;

/// <summary>The projects that images are built from.</summary>
internal static class ImageProjects
{
    /// <summary>
    /// Finds the project file of an image, which is declared as the file or its folder. Throws <c>GAN7050</c> when there is none, or more
    /// than one.
    /// </summary>
    public static AbsolutePath PathOf(ContainerImage image, AbsolutePath root)
    {
        var declared = root / image.Project;
        if (declared.FileExists())
            return declared;
        if (!declared.DirectoryExists())
            throw PublishErrors.ProjectNotFound(image.Name, image.Project!, "does not exist");

        return Directory.GetFiles(declared).Where(file => Path.GetExtension(file) is ".csproj" or ".fsproj" or ".vbproj").ToList() switch
        {
            [var project] => project,
            [] => throw PublishErrors.ProjectNotFound(image.Name, image.Project!, "is a folder without a project"),
            _ => throw PublishErrors.ProjectNotFound(image.Name, image.Project!, "is a folder with several projects"),
        };
    }

    /// <summary>
    /// Returns the folder to which the application of an image is published, and which is cleaned first. Throws <c>GAN7016</c> when the
    /// build itself uses that folder.
    /// </summary>
    public static AbsolutePath OutputOf(ContainerImage image, AbsolutePath artifacts) =>
        image.Name.Split('/')[0] is "images" or "registries" or "releases" or "test-results"
            or "published.json" or "images.json" or "release.json"
            ? throw PublishErrors.ReservedImageName(image.Name, $"artifacts/{image.Name}")
            : artifacts / image.Name;

    /// <summary>
    /// Writes a solution filter with only the projects of the images, so that one <c>dotnet build</c> compiles only these. Throws
    /// <c>GAN7010</c> for a project outside of the solution.
    /// </summary>
    /// <seealso href="https://learn.microsoft.com/visualstudio/msbuild/solution-filters">Solution filters in MSBuild</seealso>
    public static AbsolutePath WriteFilter(IEnumerable<ContainerImage> images, Solution solution, AbsolutePath root, AbsolutePath folder)
    {
        var projects = images
            .Where(image => image.Project is not null)
            .Select(image => Path.GetRelativePath(solution.Directory, InSolution(image, PathOf(image, root), solution)))
            .Distinct(StringComparer.Ordinal);
        var filter = new JsonObject
        {
            ["solution"] = new JsonObject
            {
                ["path"] = Path.GetRelativePath(folder, solution.Path),
                ["projects"] = new JsonArray([.. projects.Select(project => JsonValue.Create(project))]),
            },
        };

        var file = folder / "images.slnf";
        File.WriteAllText(file, filter.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return file;
    }

    private static AbsolutePath InSolution(ContainerImage image, AbsolutePath project, Solution solution) =>
        solution.AllProjects.Any(other => other.Path == project)
            ? project
            : throw PublishErrors.ProjectNotInSolution(image.Name, image.Project!, solution.FileName);
}
