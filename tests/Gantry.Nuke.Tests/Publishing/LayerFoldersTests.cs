using Gantry.Environments;
using Gantry.Nuke.Publishing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Publishing;

/// <summary>The Dockerfile decides whether an application is published in layers.</summary>
public sealed class LayerFoldersTests : IDisposable
{
    private const string Layered = """
        COPY artifacts/app/frameworks /app
        COPY artifacts/app/packages artifacts/app/assemblies/ /app/
        COPY ["./artifacts/app/content", "/app"]
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Layered, true, true)]
    [InlineData("COPY artifacts/app /app", false, true)]
    [InlineData("COPY artifacts/app/ /app", false, true)]
    [InlineData("COPY . /src", false, false)]
    [InlineData("COPY artifacts/api/packages /app", false, false)]
    [InlineData("COPY artifacts/app/content /app/content\nCOPY artifacts/app/*.dll /app/", false, true)]
    [InlineData("COPY --from=build artifacts/app/packages /app", false, false)]
    [InlineData("COPY artifacts/app/packages", false, false)]
    [InlineData("COPY [\"artifacts/app/packages\"", false, false)]
    public async Task Layers_are_those_that_the_Dockerfile_copies_all(string instructions, bool areLayers, bool isCopied)
    {
        var folders = await FindAsync(instructions);

        Assert.Equal(new LayerFolders("artifacts/app", areLayers, isCopied), folders);
        Assert.Equal(areLayers ? ["artifacts/app/frameworks", "artifacts/app/packages"] : [], folders.FixedTimeFolders);
    }

    [Fact]
    public async Task Variables_are_resolved()
    {
        var image = new ContainerImage("app") { BuildArguments = new Dictionary<string, string> { ["FROM_FOLDER"] = "artifacts/app" } };

        var folders = await FindAsync(
            "ARG FROM_FOLDER\n" + Layered.Replace("artifacts/app", "${FROM_FOLDER}", StringComparison.Ordinal), image);

        Assert.True(folders.AreLayers);
    }

    [Fact]
    public async Task A_context_that_does_not_contain_the_folder_has_no_layers()
    {
        _folder.Write("docker/readme.txt", ""u8);

        Assert.False((await FindAsync(Layered, new ContainerImage("app") { Context = "docker" })).AreLayers);
    }

    [Fact]
    public async Task Without_a_Dockerfile_there_are_no_layers() =>
        Assert.False((await LayerFolders.FindAsync(new ContainerImage("app"), Root, Root / "artifacts", CancellationToken.None)).AreLayers);

    [Fact]
    public async Task A_layer_that_is_not_copied_is_an_error()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            FindAsync("COPY artifacts/app/packages /app\nCOPY artifacts/app/assemblies /app"));

        Assert.Equal("GAN3025", error.Code);
        Assert.Equal(
            "Dockerfile copies some layers of artifacts/app and not artifacts/app/frameworks, artifacts/app/content, so that files would "
                + "be missing",
            error.Problem);
    }

    [Fact]
    public async Task Layers_that_are_copied_twice_are_an_error()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => FindAsync(Layered + "\nCOPY artifacts/app /app"));

        Assert.Equal("GAN3026", error.Code);
        Assert.Equal("Dockerfile copies artifacts/app as a whole, and the folders of layers in it as well", error.Problem);
    }

    [UnixFact]
    public async Task Folders_are_described_as_sha256sum_lists_them()
    {
        var folders = await FindAsync(Layered);
        foreach (var path in (string[])["packages/b.dll", "packages/B/a.dll", "packages/b/a.dll", "content/a file.json"])
            _folder.Write("artifacts/app/" + path, System.Text.Encoding.UTF8.GetBytes(path));
        Directory.CreateDirectory(_folder.Combine("artifacts", "app", "frameworks"));
        Directory.CreateDirectory(_folder.Combine("artifacts", "app", "assemblies"));

        var layers = await folders.DescribeAsync(Root / "artifacts" / "app", CancellationToken.None);

        Assert.Equal(["artifacts/app/packages", "artifacts/app/content"], layers.Select(layer => layer.Name));
        Assert.Equal(["B/a.dll", "b.dll", "b/a.dll"], layers[0].Annotations!.Files);
        var layer = _folder.Combine("artifacts", "app", "packages");
        var listed = await ChildProcess.RunAsync(
            "sh",
            ["-c", "cd \"$0\" && find * -type f | LC_ALL=C sort | while read -r f; do sha256sum \"$f\"; done | sha256sum", layer]);
        Assert.Equal($"{layers[0].Digest!["dirHash"]}  -", listed.Output.Trim());
    }

    private AbsolutePath Root => _folder.Path;

    private Task<LayerFolders> FindAsync(string instructions, ContainerImage? image = null)
    {
        _folder.Write("Dockerfile", System.Text.Encoding.UTF8.GetBytes($"FROM scratch\n{instructions}\n"));
        return LayerFolders.FindAsync(image ?? new ContainerImage("app"), Root, Root / "artifacts", CancellationToken.None);
    }
}
