using Gantry.Images;
using Gantry.Oci;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>A build context.</summary>
internal sealed class BuildFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-context-");

    public BuildFolder(string dockerfile) => Write("Dockerfile", dockerfile);

    public string Root => _folder.FullName;

    public ImageBuildRequest Request => new()
    {
        Dockerfile = Path.Combine(Root, "Dockerfile"),
        Context = Root,
        Platforms = [Platform.LinuxAmd64],
        SourceDate = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
    };

    public BuildFolder Write(string name, string content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
