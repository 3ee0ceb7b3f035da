using System.Security.Cryptography;
using Gantry.IO;

namespace Gantry.Registries.Layout;

/// <summary>A lock between processes whose file is deleted when it is released.</summary>
internal sealed class TemporaryLock : IAsyncDisposable
{
    private readonly FileStream _held;

    private TemporaryLock(FileStream held) => _held = held;

    /// <summary>Waits until no other process holds the lock; throws like <see cref="LockFile.AcquireAsync"/>.</summary>
    public static async Task<TemporaryLock> AcquireAsync(
        string file, string what, RegistrySessionOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = await LockFile.AcquireAsync(file, what, options, cancellationToken);

            // Between the opening and the lock, its last holder may have deleted this file, and another process may hold a new one of the
            // same name. The size tells them apart, because the content of a locked file cannot be read.
            held.SetLength(RandomNumberGenerator.GetInt32(1, ushort.MaxValue));
            if (new FileInfo(file) is { Exists: true } named && named.Length == held.Length)
                return new TemporaryLock(held);
            await held.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Before it is released, or the file of the next holder would be deleted. Windows deletes no file that is open, and none that the
        // next holder has opened.
        if (!OperatingSystem.IsWindows())
            AtomicFile.TryDelete(_held.Name);
        await _held.DisposeAsync();
        if (OperatingSystem.IsWindows())
            AtomicFile.TryDelete(_held.Name);
    }
}
