using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>What .dockerignore keeps from an image is reported before anything is built for it.</summary>
public sealed class IgnoredSourceTests
{
    [Fact]
    public async Task An_ignored_folder_of_an_image_is_reported_with_the_line_that_is_missing()
    {
        using var repository = await ShapeRepository.CreateAsync("Promoting");
        await repository.WriteAsync(".dockerignore", "*\n!artifacts/other\n");

        var run = await repository.BuildAsync("BuildImage", "--release-version", "1.2.0");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(
            ".dockerignore:1: '*' excludes artifacts/app, which Dockerfile copies for the image 'app'; "
                + "add the line !artifacts/app below it.",
            run.Output,
            StringComparison.Ordinal);
        Assert.Contains("GAN7097: ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts")));
    }
}
