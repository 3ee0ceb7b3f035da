using System.Security.Cryptography;
using Gantry.Attestations;
using Gantry.Attestations.Rebuilds;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Gantry.Testing.Faults;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>A published release is built again from its commit, by the build of that commit, and compared.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    private const string Script = "#!/usr/bin/env bash\nexec dotnet \"$GANTRY_TEST_BUILD\" \"$@\"\n";

    private BuildRepository _repository = null!;

    public async Task InitializeAsync()
    {
        _repository = await ShapeRepository.CreateAsync("Rebuilding");
        _repository.Variables["GANTRY_TEST_BUILD"] = Path.Combine(AppContext.BaseDirectory, "Gantry.Nuke.Shapes.dll");
        await _repository.WriteAsync("build.sh", Script);
        await _repository.WriteAsync("build.cmd", "@dotnet \"%GANTRY_TEST_BUILD%\" %*\r\n");
        await _repository.WriteAsync(".gitignore", "build/bin/\nbuild/obj/\nartifacts/\n.nuke/temp/\nbin/\n*.pem\n");
        var project = await File.ReadAllTextAsync(_repository.PathOf("src/App/App.csproj"));
        await _repository.WriteAsync(
            "src/App/App.csproj", project.Replace("$(InformationalVersion)", "$(InformationalVersion) $(Extra)", StringComparison.Ordinal));
        await _repository.CommitAsync();
        await _repository.GitAsync("tag", "--force", "1.2.0");
    }

    public Task DisposeAsync()
    {
        _repository.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_same_digest_succeeds_and_writes_nothing()
    {
        await PublishAsync();
        var before = FilesOfBase();
        await _repository.WriteAsync("src/App/App.csproj", "changed since");

        var run = await RebuildAsync();

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("app 1.2.0 is the same: sha256:", run.Output, StringComparison.Ordinal);
        Assert.Equal(["Rebuild Succeeded"], run.Summary.Where(line => line.StartsWith("Rebuild ", StringComparison.Ordinal)));
        Assert.Equal(before, FilesOfBase());
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "gantry-rebuild-*"), IsOfThisRepository);
    }

    [Fact]
    public async Task A_key_attests_once_that_the_digest_is_the_same()
    {
        await PublishAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _repository.WriteAsync("checker.pem", key.ExportPkcs8PrivateKeyPem());
        var before = FilesOfBase();

        var dry = await RebuildAsync("--rebuild-key", "checker.pem", "--dry-run");
        Assert.True(dry.ExitCode == 3, dry.Output);
        Assert.Equal(before, FilesOfBase());
        var run = await RebuildAsync("--rebuild-key", "checker.pem");
        Assert.True(run.ExitCode == 0, run.Output);
        var again = await RebuildAsync("--rebuild-key", "checker.pem");
        Assert.True(again.ExitCode == 0, again.Output);

        Assert.Contains("app is attested as rebuilt already", again.Output, StringComparison.Ordinal);
        var (attestation, digest) = await FindAttestationAsync();
        Assert.True(attestation.Bundle.IsSignedBy(VerificationKey.Of(key, "the key")));
        Assert.True(attestation.Statement.IsAbout(digest));
        var predicate = RebuildPredicate.Read(attestation.Statement.Predicate, attestation.Origin);
        Assert.Equal(("1.2.0", "app", digest, "same"), (predicate.Version, predicate.Image, predicate.Digest, predicate.Result));
        Assert.Matches("^[0-9a-f]{40}$", predicate.Commit);
        Assert.Matches(@"^\d+\.\d+\.\d+", predicate.Sdk);
    }

    [Fact]
    public async Task The_gate_for_rebuilt_releases_holds_after_the_attestation_and_not_before()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _repository.WriteAsync("checker.pem", key.ExportPkcs8PrivateKeyPem());
        await _repository.WriteAsync("keys/checker.pub", VerificationKey.Of(key, "the key").ToPem());
        await _repository.CommitAsync();
        await _repository.GitAsync("tag", "--force", "1.2.0");
        await PublishAsync();

        var before = await _repository.BuildAsync("PromoteRebuilt", "--release", "1.2.0", "--approve", "tested");
        Assert.Contains("GAN5022: ", before.Output, StringComparison.Ordinal);
        Assert.Empty(_repository.TagsIn("rebuilt"));
        var rebuilt = await RebuildAsync("--rebuild-key", "checker.pem");
        Assert.True(rebuilt.ExitCode == 0, rebuilt.Output);
        var after = await _repository.BuildAsync("PromoteRebuilt", "--release", "1.2.0", "--approve", "tested");

        Assert.True(after.ExitCode == 0, after.Output);
        Assert.Equal(["1.2.0"], _repository.TagsIn("rebuilt"));
    }

    [Fact]
    public async Task Another_digest_fails_with_the_file_and_the_byte_and_attests_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _repository.WriteAsync("checker.pem", key.ExportPkcs8PrivateKeyPem());
        _repository.Variables["Extra"] = "one";
        await PublishAsync();
        var before = FilesOfBase();
        _repository.Variables["Extra"] = "two";

        var run = await RebuildAsync("--rebuild-key", "checker.pem");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN7092: the release 1.2.0 was not rebuilt with the same digests: app differs, first in app, layer 1 (COPY",
            run.Output, StringComparison.Ordinal);
        Assert.Matches(@"/app/app\.txt: the content differs at byte \d+: '.*two\\n' instead of '.*one\\n'", run.Output);
        Assert.Equal(before, FilesOfBase());
    }

    [Fact]
    public async Task The_recorded_base_image_is_used_after_its_tag_has_moved()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await PushBaseImageAsync(registry.Host, seed: 1);
        await _repository.WriteAsync("Dockerfile", $"FROM {registry.Host}/runtime:1\nCOPY artifacts/app/ /app/\n");
        await _repository.CommitAsync();
        await _repository.GitAsync("tag", "--force", "1.2.0");
        await PublishAsync();
        await PushBaseImageAsync(registry.Host, seed: 2);

        var run = await RebuildAsync();

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("app 1.2.0 is the same", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_of_uncommitted_changes_is_refused()
    {
        await _repository.WriteAsync("src/App/new.txt", "uncommitted");
        await PublishAsync();
        var version = Assert.Single(_repository.TagsIn("base"));

        var run = await _repository.BuildAsync("Rebuild", "--release", version);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN7080: ", run.Output, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("exit 7\n", "GAN7090: the build of the commit of the release 1.2.0 failed with exit code 7")]
    [InlineData("exit 0\n", "GAN7091: the build of the commit of the release 1.2.0 did not build the image app")]
    [InlineData(null, "GAN7089: the commit of the release 1.2.0 has no build.sh")]
    public async Task A_commit_whose_build_does_not_build_is_reported(string? script, string message)
    {
        if (script is null)
            File.Delete(_repository.PathOf("build.sh"));
        else
            await _repository.WriteAsync("build.sh", script);
        await _repository.CommitAsync();
        await _repository.GitAsync("tag", "--force", "1.2.0");
        await PublishAsync();

        var run = await RebuildAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(message, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Base_image_digests_without_a_digest_are_refused()
    {
        var run = await _repository.BuildAsync("BuildImage", "--base-image-digests", "example.com/a:1");

        Assert.Contains("GAN7095: ", run.Output, StringComparison.Ordinal);
    }

    private async Task PublishAsync()
    {
        var run = await _repository.BuildAsync("PushBase");
        Assert.True(run.ExitCode == 0, run.Output);
    }

    private Task<BuildRun> RebuildAsync(params string[] arguments) =>
        _repository.BuildAsync(["Rebuild", "--release", "1.2.0", .. arguments]);

    private IReadOnlyList<string> FilesOfBase()
    {
        var folder = _repository.PathOf("artifacts/registries/base");
        return [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    // The marker of a checkout of this repository; other tests have their own at the same time.
    private bool IsOfThisRepository(string folder) =>
        File.Exists(Path.Combine(folder, "checkout", ".git", "config"))
        && File.ReadAllText(Path.Combine(folder, "checkout", ".git", "config")).Contains(_repository.PathOf(""), StringComparison.Ordinal);

    private async Task<(Attestation Attestation, Digest Digest)> FindAttestationAsync()
    {
        await using var session = new RegistrySession(new RegistrySessionOptions { RootFolder = _repository.PathOf("") });
        var image = session.Open(RegistryAddress.Parse("oci:artifacts/registries/base"), "app");
        var digest = (await image.FindTagAsync("1.2.0", CancellationToken.None))!.Digest;
        var found = await AttestationReferrer.FindAsync(image, digest, PredicateTypes.Rebuild, CancellationToken.None);
        Assert.Empty(found.Faults);
        return (Assert.Single(found.Attestations), digest);
    }

    private static async Task PushBaseImageAsync(string host, int seed)
    {
        await using var session = new RegistrySession(new RegistrySessionOptions());
        var repository = session.Open(RegistryAddress.Parse(host), "runtime");
        var image = SampleImage.Create(seed);
        await image.PushAsync(repository);
        await repository.PutTagAsync("1", image.Root, CancellationToken.None);
    }
}
