using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>Images are built only from files that were published for their release.</summary>
public sealed class PublishedFolderTests
{
    [Fact]
    public async Task A_folder_that_this_run_did_not_publish_is_refused()
    {
        using var repository = await ShapeRepository.CreateAsync("PublishReplaced");
        await repository.WriteAsync("artifacts/app/app.txt", "old bytes");

        var run = await repository.BuildAsync("PromoteDev");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN3022: artifacts/app was not published by this run; ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts/images")));
        Assert.Empty(repository.TagsIn("dev"));
    }

    [Fact]
    public async Task With_skip_a_folder_must_be_unchanged_and_of_the_same_sources()
    {
        using var repository = await ShapeRepository.CreateAsync("CompileImplemented");
        string[] build = ["BuildImage", "--skip"];

        await repository.WriteAsync("artifacts/app/app.txt", "bytes of somebody");
        Assert.Contains(
            "GAN3022: artifacts/app was not published by this run, and artifacts/published.json does not record",
            (await repository.BuildAsync(build)).Output,
            StringComparison.Ordinal);

        Assert.Equal(0, (await repository.BuildAsync("PublishImages")).ExitCode);
        var skipped = await repository.BuildAsync(build);
        Assert.True(skipped.ExitCode == 0, skipped.Output);
        Assert.Equal(["Compile Skipped", "PublishImages Skipped", "BuildImage Succeeded"], skipped.Summary);

        Assert.Contains(
            "GAN3023: artifacts/app was published as 1.2.0 of ",
            (await repository.BuildAsync([.. build, "--release-version", "1.3.0"])).Output,
            StringComparison.Ordinal);
        await repository.WriteAsync("src/App/New.cs", "// not committed");
        Assert.Contains(
            "GAN3023: ", (await repository.BuildAsync([.. build, "--release-version", "1.2.0"])).Output, StringComparison.Ordinal);
        await repository.CommitAsync();
        Assert.Contains(
            "GAN3023: ", (await repository.BuildAsync([.. build, "--release-version", "1.2.0"])).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await repository.BuildAsync("PublishImages", "--release-version", "1.2.0")).ExitCode);
        await repository.WriteAsync("artifacts/app/more.txt", "one file more");
        Assert.Contains(
            "GAN3024: artifacts/app has changed ",
            (await repository.BuildAsync([.. build, "--release-version", "1.2.0"])).Output,
            StringComparison.Ordinal);

        await repository.WriteAsync("artifacts/published.json", "{");
        Assert.Contains(
            "GAN3022: ", (await repository.BuildAsync([.. build, "--release-version", "1.2.0"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_a_class_adds_belong_to_the_run_that_publishes()
    {
        using var repository = await ShapeRepository.CreateAsync("PublishExtended");

        var run = await repository.BuildAsync("BuildImage", "--release-version", "1.2.0");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True(File.Exists(repository.PathOf("artifacts/app/notice.txt")));

        // In another process the folder could be from anywhere.
        var later = await repository.BuildAsync("BuildImage", "--skip", "--release-version", "1.2.0");
        Assert.NotEqual(0, later.ExitCode);
        Assert.Contains("GAN3024: ", later.Output, StringComparison.Ordinal);
    }
}
