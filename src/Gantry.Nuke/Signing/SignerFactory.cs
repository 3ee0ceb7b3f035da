using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Opens the signer that a parameter or a declaration names.</summary>
internal static class SignerFactory
{
    /// <summary>Opens a signer. A service is not asked yet.</summary>
    /// <param name="text">The key, or the pattern of it.</param>
    /// <param name="name">The environment, for <c>{environment}</c>.</param>
    /// <param name="password">The password of an encrypted key; null when there is none.</param>
    /// <param name="build">The build.</param>
    public static ISigner Open(string text, string name, string? password, INukeBuild build)
    {
        var path = text.Replace("{environment}", name, StringComparison.Ordinal);
        return PemSigner.ReadFile(Path.GetFullPath(path, build.RootDirectory), password, $"the key file {path}");
    }
}
