using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>Creates repositories whose build is one of the classes in Gantry.Nuke.Shapes.</summary>
internal static class ShapeRepository
{
    // NUKE's setup writes the path of the solution here, and classes read it.
    private static readonly string[] WithoutSolution =
    [
        "OwnPublishAndTest", "PublishExtended", "PublishReplaced", "HiddenParameter", "Promoting", "Rebuilding", "OwnParts", "Signing",
    ];

    public static async Task<BuildRepository> CreateAsync(string shape)
    {
        var build = Path.Combine(AppContext.BaseDirectory, "Gantry.Nuke.Shapes.dll");
        var repository = await BuildRepository.CreateAsync(build, hasSolution: !WithoutSolution.Contains(shape));
        repository.Variables["GANTRY_SHAPE"] = shape;
        return repository;
    }
}
