using System.Security.Cryptography;
using System.Text;
using Gantry.IO;

namespace Gantry.Signing;

/// <summary>
/// The key of one user on one machine, which signs what stays on this machine: releases and promotions in folders and in registries on
/// loopback addresses, which trust it. It is made on first use.
/// </summary>
public static class DevelopmentKey
{
    private const string FileName = "development-key.pem";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// The folder of the key by default, in the user's profile: <c>~/.local/share/gantry</c>, <c>%LOCALAPPDATA%\gantry</c>.
    /// </summary>
    public static string DefaultFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "gantry");

    /// <summary>
    /// Opens the key, and makes it when there is none: readable for this user only. Throws <c>GAN4225</c> when it cannot be made or read,
    /// or others may read it; the errors of <see cref="PemSigner.Parse"/> when the file is something else.
    /// </summary>
    /// <param name="folder">The folder, usually <see cref="DefaultFolder"/>.</param>
    public static PemSigner Open(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            // Without a home there is no profile.
            if (!Path.IsPathRooted(file))
                throw SigningErrors.NoDevelopmentKey(file, "the user has no profile");
            if (!File.Exists(file))
                Create(folder, file);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
                throw SigningErrors.ExposedDevelopmentKey(file);
            return PemSigner.Parse(RegularFile.ReadAllText(file), password: null, $"the development key {file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SigningErrors.NoDevelopmentKey(file, exception.Message.TrimEnd('.'), exception);
        }
    }

    // Appears when it is complete, and once: File.Move replaces a file that appears between its look and its move, and the key of another
    // process, which signs already, would be lost.
    private static void Create(string folder, string file)
    {
        Directory.CreateDirectory(folder);
        using var making = new Mutex(initiallyOwned: false, LockName(file), new NamedWaitHandleOptions { CurrentUserOnly = true });
        try
        {
            making.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // The other process was killed. It leaves a draft at most.
        }

        try
        {
            if (!File.Exists(file))
                Write(file);
        }
        finally
        {
            making.ReleaseMutex();
        }
    }

    private static void Write(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{file}{AtomicFile.PartialMark}{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new StreamWriter(draft, options))
            stream.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
        File.Move(draft, file, overwrite: false);
    }

    private static string LockName(string file) =>
        "gantry-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(file))))[..32];
}
