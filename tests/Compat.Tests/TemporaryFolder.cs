namespace Compat.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gantry-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
