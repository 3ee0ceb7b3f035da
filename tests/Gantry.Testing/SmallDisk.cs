namespace Gantry.Testing;

/// <summary>A small file system in memory, to fill up. Needs Linux and root: see <see cref="LinuxRootFactAttribute"/>.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    public static async Task<SmallDisk> MountAsync(string size)
    {
        var disk = new SmallDisk();
        (await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk.Path])).EnsureSuccess();
        return disk;
    }

    public void Dispose()
    {
        ChildProcess.RunAsync("umount", [Path]).GetAwaiter().GetResult().EnsureSuccess();
        _folder.Dispose();
    }
}
