using Gantry.Images;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Tests.Images;

/// <summary>A build context in a temporary folder, registries in memory, and a builder.</summary>
internal sealed class BuildFixture : IDisposable
{
    public static readonly DateTimeOffset Date = new(2026, 3, 1, 12, 30, 15, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-test-");

    public string Root => _folder.FullName;

    public MemoryRegistries Registries { get; } = new();

    public MemoryRepository Target => Registries.Get("target.example/app");

    public RecordingLog Log { get; } = new();

    public OciImageBuilderOptions Options { get; set; } = new();

    /// <summary>Writes a file of the context; <c>executable</c> has a meaning where there are modes.</summary>
    public BuildFixture Write(string path, string content = "", bool executable = false)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(full, File.GetUnixFileMode(full) | UnixFileMode.UserExecute);
        return this;
    }

    public BuildFixture Link(string path, string target)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
        return this;
    }

    public BuildFixture Dockerfile(string text) => Write("Dockerfile", text);

    public ImageBuildRequest Request => new()
    {
        Dockerfile = Path.Combine(Root, "Dockerfile"),
        Context = Root,
        SourceDate = Date,
    };

    public Task<BuiltImage> BuildAsync(Func<ImageBuildRequest, ImageBuildRequest>? change = null) =>
        new OciImageBuilder(Registries, Options, Log).BuildAsync(change?.Invoke(Request) ?? Request, Target, CancellationToken.None);

    /// <summary>Builds for one platform and reads what came out.</summary>
    public async Task<ImageContents> BuildAndReadAsync(Func<ImageBuildRequest, ImageBuildRequest>? change = null) =>
        ImageContents.Read(Target, (await BuildAsync(change)).Root.Descriptor.Digest);

    /// <summary>The error that building ends with; nothing may have been written.</summary>
    public async Task<GantryException> FailAsync(Func<ImageBuildRequest, ImageBuildRequest>? change = null)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => BuildAsync(change));
        Assert.Empty(Target.Blobs);
        Assert.Empty(Target.Manifests);
        return error;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

internal sealed class RecordingLog : IBuildLog
{
    public List<string> Warnings { get; } = [];

    public List<string> Lines { get; } = [];

    public void Information(string message) => Lines.Add(message);

    public void Warning(string message) => Warnings.Add(message);
}
