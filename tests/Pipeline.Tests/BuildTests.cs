using System.Text.Json;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The build directly after a clone: folders as registries, without a terminal and a network.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class BuildTests(RepositoryClone clone)
{
    [Fact]
    public async Task A_second_promotion_to_dev_moves_nothing()
    {
        // Another test may have published other sources since.
        var first = await clone.BuildAsync("PromoteDev");
        Assert.True(first.ExitCode == 0, first.Output);

        var second = await clone.BuildAsync("PromoteDev");

        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Contains("Nothing moves", second.Output, StringComparison.Ordinal);
        Assert.Matches(@"Compile +Skipped", second.Output);
        Assert.Contains("nothing is published again", second.Output, StringComparison.Ordinal);

        // The remote of this clone is a folder.
        Assert.DoesNotContain("Exception was suppressed", second.Output, StringComparison.Ordinal);
        var digest = ReleasedDigest();
        Assert.Equal(digest, TagIn("base", "1.2.0"));
        Assert.Equal(digest, TagIn("dev", "1.2.0"));
    }

    [Fact]
    public async Task An_existing_release_is_promoted_without_a_build()
    {
        await clone.PromoteDevAsync();
        using var kept = new TempFolder();
        string[] built = ["app", "images"];
        foreach (var folder in built)
            Directory.Move(clone.PathOf($"artifacts/{folder}"), kept.Combine(folder));
        try
        {
            var run = await clone.BuildAsync(
                "PromoteProd", "--release", "1.2.0", "--approve", "tested", "--override-soak", "the test cannot wait");

            Assert.True(run.ExitCode == 0, run.Output);
            Assert.False(Directory.Exists(clone.PathOf("artifacts/app")));
            foreach (var environment in new[] { "dev", "test", "prod" })
                Assert.Equal(ReleasedDigest(), TagIn(environment, "1.2.0"));
        }
        finally
        {
            foreach (var folder in built.Where(folder => !Directory.Exists(clone.PathOf($"artifacts/{folder}"))))
                Directory.Move(kept.Combine(folder), clone.PathOf($"artifacts/{folder}"));
        }
    }

    [Theory]
    [InlineData("unknown parameter", "GAN7003", "PromoteDev", "--dev-registri", "oci:x")]
    [InlineData("value that does not parse", "GAN7004", "PromoteDev", "--image-builder", "podman")]
    [InlineData("malformed address", "GAN1006", "PromoteDev", "--dev-registry", "https://example.com")]
    [InlineData("parameter without a value", "GAN7041", "PromoteDev", "--release")]
    [InlineData("unknown target", "GAN7042", "PromoteMoon")]
    [InlineData("unknown target to skip", "GAN7042", "PromoteDev", "--skip", "Compiel")]
    [InlineData("unknown profile", "GAN7043", "PromoteDev", "--profile", "moon")]
    [InlineData("no such root", "GAN7044", "PromoteDev", "--root", "/nowhere/to/be/found")]
    [InlineData("a target behind a root", "GAN7046", "--root", ".", "PromoteDev")]
    [InlineData("no such root and a target", "GAN7046", "--root", "/nowhere", "PromoteDev")]
    [InlineData("two roots", "GAN7046", "--root", ".", ".")]
    [InlineData("two hosts", "GAN7046", "PromoteDev", "--host", "Terminal", "Terminal")]
    [InlineData(
        "a reason without quotes",
        "GAN7046: --approve has 2 values, 'lo…' (5 characters) and 'go…' (4 characters), but takes one",
        "PromoteDev",
        "--approve",
        "looks",
        "good")]
    [InlineData("a target behind a value", "GAN7046", "--transfer", "copy", "PromoteDev")]
    [InlineData("a parameter twice", "GAN7047", "PromoteDev", "--skip", "Restore", "--skip", "Compile")]
    [InlineData("no such verbosity", "GAN7017", "PromoteDev", "--verbosity", "loud")]
    [InlineData("no such host", "GAN7017", "PromoteDev", "--host", "Moon")]
    [InlineData("no such release", "GAN4014", "PromoteDev", "--release", "9.9.9")]
    [InlineData("not a version", "GAN7009", "Compile", "--skip", "--release-version", "latest")]
    public async Task Invalid_input_is_one_sentence(string _, string code, params string[] arguments)
    {
        var run = await clone.BuildAsync(
            [.. arguments, "--image-store", "oci:artifacts/wrong/images", "--base-registry", "oci:artifacts/wrong/base"]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(code.Contains(':', StringComparison.Ordinal) ? code : code + ": ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf("artifacts/wrong")));
    }

    [Fact]
    public async Task The_errors_at_the_end_have_the_whole_names_of_targets()
    {
        var run = await clone.BuildAsync("ProvisionEnvironments");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Matches(@"\nProvisionEnvironments +Failed", run.Output);
        Assert.DoesNotContain("ProvisionEnvironment:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_in_the_same_folder_is_refused_in_one_sentence()
    {
        using var first = new FileStream(clone.PathOf(".nuke/temp/build.log"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);

        var second = await clone.BuildAsync("ShowEnvironments");

        Assert.NotEqual(0, second.ExitCode);
        Assert.StartsWith("GAN7048: another run of this build is in progress in this folder: ", second.Output, StringComparison.Ordinal);
        Assert.Single(second.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Output_that_goes_to_a_file_has_no_colours()
    {
        var shown = await clone.BuildAsync("ShowEnvironments");
        var refused = await clone.BuildAsync("PromoteMoon");

        Assert.True(shown.ExitCode == 0, shown.Output);
        Assert.False(shown.HasColours || refused.HasColours);
    }

    [Theory]
    [InlineData("the base registry", "--image-store", "oci:artifacts/../artifacts/registries/base/")]
    [InlineData("the base registry", "--image-store", "localhost:5001/base", "--base-registry", "LOCALHOST:5001/base")]
    [InlineData("a registry of prod", "--image-store", "oci:artifacts/registries/prod", "--test-registry", "https://example.com")]
    public async Task Images_are_not_built_into_a_registry_of_releases(string place, params string[] arguments)
    {
        var run = await clone.BuildAsync(["BuildImage", .. arguments]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN7018: ", run.Output, StringComparison.Ordinal);
        Assert.Contains($", which is {place}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"Compile\s+Succeeded", run.Output);
    }

    [Fact]
    public async Task An_unknown_target_lists_those_that_exist()
    {
        var run = await clone.BuildAsync("Moon");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN7042: there is no target 'Mo…' (4 characters); use one of ", run.Output, StringComparison.Ordinal);
        Assert.Contains("PromoteProd", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_targets_parameters_and_where_each_environment_is()
    {
        var run = await clone.BuildAsync("--help");

        Assert.Equal(0, run.ExitCode);
        foreach (var expected in new[]
        {
            "PromoteDev (default)", "BuildImage", "--base-registry", "--dev-registry", "--release-version", "--move-tag", "--approve",
            "--override-soak", "--region",
        })
            Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Compiling the build", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_lists_the_targets_in_their_order_and_runs_none()
    {
        var run = await clone.BuildAsync("PromoteTest", "--plan", "--skip", "Restore");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Matches(
            @"1  Restore +\(skipped\)\s+2  Compile +Compiles the projects\s+3  PublishImages .*\s+4  BuildImage .*\s+5  PushBase .*\s+"
            + @"6  PromoteDev .*\s+7  PromoteTest +Promotes the release to test",
            run.Output);
        Assert.DoesNotContain("Succeeded", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_address_fails_before_the_first_target()
    {
        var run = await clone.BuildAsync("PromoteDev", "--dev-registry", "https://example.com");
        var notNeeded = await clone.BuildAsync("PromoteTest", "--plan", "--prod-registry", "https://example.com");

        Assert.Contains("GAN1006: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"Compile\s+Succeeded", run.Output);
        Assert.Equal(0, notNeeded.ExitCode);
    }

    [Fact]
    public async Task A_skipped_chain_runs_one_target()
    {
        await clone.PromoteDevAsync();

        var run = await clone.BuildAsync("PromoteTest", "--skip", "--approve", "tested");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Matches(@"PromoteDev\s+Skipped", run.Output);
        Assert.Matches(@"PromoteTest\s+Succeeded", run.Output);
    }

    [Theory]
    [InlineData("GAN3004", "COPPY a b")]
    [InlineData("GAN3010", "COPY no-such-file /x")]
    public async Task An_unsupported_Dockerfile_is_an_error_with_its_line(string code, string instruction)
    {
        var file = clone.PathOf("Dockerfile");
        var before = await File.ReadAllTextAsync(file);
        await File.AppendAllTextAsync(file, instruction + "\n");
        try
        {
            var run = await clone.BuildAsync("BuildImage", "--skip", "Restore", "--image-store", "oci:artifacts/wrong");

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(code + ": Dockerfile:", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(clone.PathOf("artifacts/wrong")));
        }
        finally
        {
            await File.WriteAllTextAsync(file, before);
        }
    }

    [NightFact]
    public async Task A_change_of_the_build_is_compiled()
    {
        var source = clone.PathOf("build/Build.cs");
        var before = await File.ReadAllTextAsync(source);
        var stamp = File.GetLastWriteTimeUtc(source);
        try
        {
            await File.WriteAllTextAsync(
                source,
                before.Replace("\"prod\"", "\"live\"", StringComparison.Ordinal).Replace(
                    "PromoteProd", "PromoteLive", StringComparison.Ordinal));
            File.SetLastWriteTimeUtc(source, stamp);

            var changed = await clone.BuildAsync("--help");

            Assert.Contains("Compiling the build", changed.Output, StringComparison.Ordinal);
            Assert.Contains("PromoteLive", changed.Output, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(source, before);
        }

        Assert.Contains("PromoteProd", (await clone.BuildAsync("--help")).Output, StringComparison.Ordinal);
    }

    [NightFact]
    public async Task A_build_that_does_not_compile_prints_the_error()
    {
        var broken = clone.PathOf("build/Broken.cs");
        await File.WriteAllTextAsync(broken, "class {");
        try
        {
            var run = await clone.BuildAsync("--help");

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains("Broken.cs", run.Output, StringComparison.Ordinal);
            Assert.Contains("GAN7002: ", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(broken);
        }

        Assert.Equal(0, (await clone.BuildAsync("--help")).ExitCode);
    }

    private string ReleasedDigest()
    {
        using var release = JsonDocument.Parse(File.ReadAllBytes(clone.PathOf("artifacts/release.json")));
        return release.RootElement.GetProperty("images")[0].GetProperty("digest").GetString()!;
    }

    private string? TagIn(string registry, string tag)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(clone.PathOf($"artifacts/registries/{registry}/app/index.json")));
        return index.RootElement.GetProperty("manifests").EnumerateArray()
            .Where(manifest => manifest.TryGetProperty("annotations", out var annotations)
                && annotations.TryGetProperty("org.opencontainers.image.ref.name", out var name) && name.GetString() == tag)
            .Select(manifest => manifest.GetProperty("digest").GetString())
            .SingleOrDefault();
    }
}

[CollectionDefinition(nameof(RepositoryClone))]
public sealed class RepositoryCloneCollection : ICollectionFixture<RepositoryClone>;
