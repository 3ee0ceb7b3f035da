using System.Formats.Tar;
using System.Text;
using Gantry.Images.Dockerfiles;

namespace Gantry.Images.Context;

/// <summary>Determines the kind of a path of the build context, and the part of its mode that is the same on every machine.</summary>
internal static class ContextItemReader
{
    // The type flag in a tar header, and its value for a regular file (POSIX.1-2017, pax, "ustar Interchange Format").
    private const int TypeFlagOffset = 156;
    private const byte RegularFile = (byte)'0';

    /// <summary>Reads a path. Throws <c>GAN3012</c> for a pipe, a socket or a device, and <c>GAN3021</c> when it cannot be read.</summary>
    public static ContextItem Read(string path, FileSystemInfo info, SourceLine location)
    {
        if (info.LinkTarget is { } target)
            return new ContextItem(path, info.FullName, FileKind.SymbolicLink)
            {
                LinkTarget = target.Replace(Path.DirectorySeparatorChar, '/'),
            };
        if (info is not FileInfo file)
            return new ContextItem(path, info.FullName, FileKind.Directory);

        try
        {
            if (file.Length == 0 && IsSpecial(file))
                throw ContextErrors.SpecialFile(location, path);
            return new ContextItem(path, info.FullName, FileKind.File) { Size = file.Length, IsExecutable = IsExecutable(file) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ContextErrors.UnreadableSource(location, path, exception);
        }
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

    // .NET does not distinguish pipes and devices from files, but its tar writer does. They have no length, so ordinary files are not
    // slowed down.
    private static bool IsSpecial(FileInfo file)
    {
        if (OperatingSystem.IsWindows())
            return false;

        using var header = new MemoryStream();
        try
        {
            using var tar = new TarWriter(header, TarEntryFormat.Ustar, leaveOpen: true);
            tar.WriteEntry(file.FullName, "x");
        }
        catch (IOException)
        {
            // A tar cannot contain sockets.
            return true;
        }

        return header.Length > TypeFlagOffset && header.GetBuffer()[TypeFlagOffset] != RegularFile;
    }
}
