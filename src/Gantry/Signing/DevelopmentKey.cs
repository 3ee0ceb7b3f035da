using System.Security.Cryptography;
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

    /// <summary>The folder of the key by default, in the user's profile: <c>~/.local/share/gantry</c>, <c>%LOCALAPPDATA%\gantry</c>.</summary>
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

    // Appears when it is complete. Of two processes that make it at the same time, both use the first one.
    private static void Create(string folder, string file)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{file}{AtomicFile.PartialMark}{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new StreamWriter(draft, options))
            stream.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            AtomicFile.TryDelete(draft);
        }
    }
}
