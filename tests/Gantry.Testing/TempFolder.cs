namespace Gantry.Testing;

/// <summary>A temporary folder that is removed with its content when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gantry-").FullName;

    public string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file, with its folders.</summary>
    public string Write(string file, ReadOnlySpan<byte> content)
    {
        var path = Combine(file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Writes a shell script that can be run as a program; needs Unix.</summary>
    public string WriteScript(string file, string text)
    {
        var path = Write(file, System.Text.Encoding.UTF8.GetBytes("#!/bin/sh\n" + text + "\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Windows locks files of a process that is about to end; the system removes temporary folders later.
        }
    }
}
