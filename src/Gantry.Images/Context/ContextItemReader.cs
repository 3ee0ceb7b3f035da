using Gantry.IO;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Context;

/// <summary>Determines the kind of a path of the build context, and the part of its mode that is the same on every machine.</summary>
internal static class ContextItemReader
{
    // .NET has it in place of bytes that are not UTF-8.
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Reads a path. Throws <c>GAN3012</c> for a pipe, a socket or a device, <c>GAN3021</c> when it cannot be read, and <c>GAN3038</c> when
    /// its name, or the target of a link, is not UTF-8.
    /// </summary>
    public static ContextItem Read(string path, FileSystemInfo info, SourceLine location)
    {
        if (info.LinkTarget is { } target)
            return new ContextItem(path, info.FullName, FileKind.SymbolicLink)
            {
                LinkTarget = target.Contains(Replacement, StringComparison.Ordinal)
                    ? throw ContextErrors.LinkNotUtf8(location, path)
                    : target.Replace(Path.DirectorySeparatorChar, '/'),
            };
        EnsureUtf8(path, info, location);
        if (info is not FileInfo file)
            return new ContextItem(path, info.FullName, FileKind.Directory);

        try
        {
            if (file.Length == 0 && RegularFile.IsSpecial(file.FullName))
                throw ContextErrors.SpecialFile(location, path);
            return new ContextItem(path, info.FullName, FileKind.File) { Size = file.Length, IsExecutable = IsExecutable(file) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ContextErrors.UnreadableSource(location, path, exception);
        }
    }

    /// <summary>Throws <c>GAN3038</c> for a name that is not UTF-8: the file is listed, and is not found under its listed name.</summary>
    public static void EnsureUtf8(string path, FileSystemInfo info, SourceLine location)
    {
        if (info.Name.Contains(Replacement, StringComparison.Ordinal) && !Path.Exists(info.FullName))
            throw ContextErrors.NameNotUtf8(location, path);
    }

    // Umasks differ from machine to machine, but none removes the owner's right to execute. Windows has no such right: there a file is
    // executable when Linux could execute it. Linux cannot execute assemblies, although NuGet marks them as executable.
    private static bool IsExecutable(FileInfo file)
    {
        if (!OperatingSystem.IsWindows() && !file.UnixFileMode.HasFlag(UnixFileMode.UserExecute))
            return false;

        Span<byte> start = stackalloc byte[4];
        using var stream = file.OpenRead();
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return OperatingSystem.IsWindows()
            ? start[..read].StartsWith("\u007FELF"u8) || start[..read].StartsWith("#!"u8)
            : !start[..read].StartsWith("MZ"u8);
    }
}
