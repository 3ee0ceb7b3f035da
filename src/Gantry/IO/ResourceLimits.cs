using System.ComponentModel;
using System.Net.Sockets;

namespace Gantry.IO;

/// <summary>Recognizes errors of a process that has as many open files and connections as it may have.</summary>
public static class ResourceLimits
{
    // EMFILE and ENFILE on Unix; ERROR_TOO_MANY_OPEN_FILES on Windows.
    private const int TooManyInProcess = 24;
    private const int TooManyInSystem = 23;
    private const int TooManyOnWindows = unchecked((int)0x80070004);

    /// <summary>Returns <c>GAN3036</c> when a limit is the cause of an error; else null.</summary>
    /// <param name="error">The error, with its causes.</param>
    /// <param name="what">What was opened: a path, a host, a program.</param>
    public static GantryException? Find(Exception error, string? what = null)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (IsLimit(cause))
                return StorageErrors.TooManyOpenFiles(what, error);
        }

        return null;
    }

    /// <summary>Returns <c>GAN3036</c> for a program that cannot even load all of its parts.</summary>
    public static GantryException TooLow() => StorageErrors.TooManyOpenFiles(null, null);

    private static bool IsLimit(Exception cause) => cause switch
    {
        SocketException socket => socket.SocketErrorCode == SocketError.TooManyOpenSockets,
        Win32Exception program => !OperatingSystem.IsWindows() && program.NativeErrorCode is TooManyInProcess or TooManyInSystem,
        IOException { HResult: TooManyOnWindows } => OperatingSystem.IsWindows(),
        IOException file => !OperatingSystem.IsWindows() && file.HResult is TooManyInProcess or TooManyInSystem,
        _ => false,
    };
}
