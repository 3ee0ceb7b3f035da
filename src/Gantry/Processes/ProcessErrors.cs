using System.ComponentModel;

namespace Gantry.Processes;

/// <summary>Errors of other programs: GAN4079.</summary>
internal static class ProcessErrors
{
    // The error of the system for a file that does not exist, the same on Unix (ENOENT) and Windows (ERROR_FILE_NOT_FOUND).
    private const int Missing = 2;

    public static GantryException NotStarted(string program, string what, Win32Exception inner) =>
        inner.NativeErrorCode == Missing
            ? new("GAN4079", $"there is no '{program}' on the PATH, which {what} needs", "install it on the machine that promotes", inner)
            : new(
                "GAN4079",
                $"'{program}', which {what} needs, cannot be started: {inner.Message.TrimEnd('.')}",
                "make it a program that this user may run",
                inner);
}
