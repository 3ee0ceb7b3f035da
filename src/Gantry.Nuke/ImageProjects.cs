using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Promotion;

namespace Gantry.Nuke;

/// <summary>The projects that images are made of.</summary>
internal static class ImageProjects
{
    /// <summary>The project file of an image, or <c>GAN7010</c>. It may be declared as the file or its folder.</summary>
    public static AbsolutePath PathOf(ContainerImage image, Solution solution)
    {
        var declared = solution.Directory / image.Project;
        return solution.AllProjects.Select(project => project.Path).FirstOrDefault(path => path == declared || path.Parent == declared)
            ?? throw BuildErrors.ProjectNotInSolution(image.Name, image.Project!, solution.FileName);
    }

    /// <summary>The folder that an image's application is published to, which is cleaned before: <c>GAN7016</c> when it is the build's own.</summary>
    public static AbsolutePath OutputOf(ContainerImage image, AbsolutePath artifacts) =>
        image.Name.Split('/')[0] is "images" or "registries" or "test-results"
            ? throw BuildErrors.ReservedImageName(image.Name, $"artifacts/{image.Name}")
            : artifacts / image.Name;

    /// <summary>Writes a solution filter with the projects of the images alone, so that one <c>dotnet build</c> compiles just them.</summary>
    /// <seealso href="https://learn.microsoft.com/visualstudio/msbuild/solution-filters">Solution filters in MSBuild</seealso>
    public static AbsolutePath WriteFilter(IEnumerable<ContainerImage> images, Solution solution, AbsolutePath folder)
    {
        var projects = images
            .Where(image => image.Project is not null)
            .Select(image => Path.GetRelativePath(solution.Directory, PathOf(image, solution)))
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
}
