using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>An application that is published in layers moves only those that have changed.</summary>
public sealed class LayersThatStayTests
{
    private const string Layered = """
        FROM scratch
        COPY artifacts/app/frameworks/ /app/
        COPY artifacts/app/packages/ /app/
        COPY artifacts/app/assemblies/ /app/
        COPY artifacts/app/content/ /app/

        """;

    [UnixFact]
    public async Task After_a_change_of_one_line_the_packages_are_the_same_layer()
    {
        using var shop = await SampleShop.CreateAsync();
        var clone = await shop.CloneAsync("clone");
        var output = await SampleShop.BuildImageAsync(clone, [], new Dictionary<string, string>());
        Assert.Contains("Files of each layer in artifacts/app: frameworks 1, packages 1, assemblies ", output, StringComparison.Ordinal);
        Assert.Equal(["Polly.Core.dll"], FilesIn(clone, "packages"));
        Assert.Superset(
            new HashSet<string> { "Shop.dll", "Shop.pdb", "Shop.deps.json", "Shop.runtimeconfig.json", "de/Shop.resources.dll" },
            FilesIn(clone, "assemblies").ToHashSet());
        Assert.Superset(
            new HashSet<string> { "wwwroot/app.js", "Shop.staticwebassets.endpoints.json" }, FilesIn(clone, "content").ToHashSet());

        var program = Path.Combine(clone, "src", "App", "Program.cs");
        await File.WriteAllTextAsync(
            program, (await File.ReadAllTextAsync(program)).Replace("\"/where\"", "\"/whereabouts\"", StringComparison.Ordinal));
        (await ChildProcess.RunAsync(
            "git",
            [
                "-C", clone, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--all", "--message", "line",
                "--date", "2031-05-17T00:00:00Z",
            ],
            new Dictionary<string, string> { ["GIT_COMMITTER_DATE"] = "2031-05-17T00:00:00Z" })).EnsureSuccess();
        await SampleShop.BuildImageAsync(clone, [], new Dictionary<string, string>(), "1.3.0");

        var (before, after) = (await LayersAsync(clone, "1.2.0"), await LayersAsync(clone, "1.3.0"));
        Assert.Equal(
            [("WORKDIR", true), ("frameworks", true), ("packages", true), ("assemblies", false), ("content", false)],
            new[] { "WORKDIR", "frameworks", "packages", "assemblies", "content" }.Zip(before.Zip(after, (one, other) => one == other)));
    }

    [Fact]
    public async Task The_provenance_says_what_is_in_which_layer()
    {
        using var repository = await ShapeRepository.CreateAsync("Signing");
        await repository.WriteAsync("Dockerfile", Layered);
        await repository.CommitAsync();

        var run = await repository.BuildAsync("PromoteDev", "--release-version", "1.2.0");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains(
            "artifacts/app is one layer, assemblies: it has no deps.json file, as with a single file or native AOT",
            run.Output,
            StringComparison.Ordinal);
        var byproducts = ProvenanceIn(repository)["runDetails"]!["byproducts"]!.AsArray();
        var layer = Assert.Single(byproducts, entry => (string)entry!["name"]! == "artifacts/app/assemblies")!;
        Assert.Equal(["app.txt"], layer["annotations"]!["files"]!.AsArray().Select(file => (string)file!));
        Assert.Equal(64, ((string)layer["digest"]!["dirHash"]!).Length);

        var verified = await repository.BuildAsync("VerifyRelease", "--release", "1.2.0");
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Fact]
    public async Task Whether_there_are_layers_is_known_before_anything_is_published()
    {
        using var repository = await ShapeRepository.CreateAsync("Rebuilding");
        var flat = await repository.BuildAsync("BuildImage");
        Assert.True(flat.ExitCode == 0, flat.Output);
        Assert.Contains("artifacts/app is one layer. A COPY of each of frameworks, packages, ", flat.Output, StringComparison.Ordinal);
        Directory.Delete(repository.PathOf("artifacts"), recursive: true);

        await repository.WriteAsync("Dockerfile", Layered.Replace("COPY artifacts/app/content/ /app/\n", "", StringComparison.Ordinal));
        var incomplete = await repository.BuildAsync("BuildImage", "--release-version", "1.2.0");

        Assert.NotEqual(0, incomplete.ExitCode);
        Assert.Contains(
            "GAN3025: Dockerfile copies some layers of artifacts/app and not artifacts/app/content, ", incomplete.Output,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(repository.PathOf("artifacts/app")));
    }

    private static IEnumerable<string> FilesIn(string clone, string layer)
    {
        var folder = Path.Combine(clone, "artifacts", "app", layer);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file));
    }

    private static async Task<IEnumerable<Digest>> LayersAsync(string clone, string tag)
    {
        await using var session = new RegistrySession(new RegistrySessionOptions());
        var store = session.Open(new LayoutAddress(Path.Combine(clone, "artifacts", "images")), "app");
        var root = (await store.FindTagAsync(tag, CancellationToken.None))!.Digest;
        var manifest = await store.FindManifestAsync(root, CancellationToken.None);
        return manifest!.ReadManifest().Layers.Select(layer => layer.Digest);
    }

    private static JsonNode ProvenanceIn(BuildRepository repository) =>
        Directory.EnumerateFiles(repository.PathOf("artifacts/registries/base/app/blobs/sha256"))
            .Select(File.ReadAllBytes)
            .Where(bytes => bytes is [(byte)'{', ..])
            .Select(bytes => JsonNode.Parse(bytes)?["dsseEnvelope"]?["payload"])
            .OfType<JsonNode>()
            .Select(payload => JsonNode.Parse(Convert.FromBase64String((string)payload!))!)
            .Single(statement => (string)statement["predicateType"]! == "https://slsa.dev/provenance/v1")["predicate"]!;
}
