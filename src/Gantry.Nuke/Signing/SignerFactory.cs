using Gantry.Azure;
using Gantry.Azure.KeyVault;
using Gantry.Azure.SignIn;
using Gantry.Nuke.Environments;
using Gantry.Signing;

namespace Gantry.Nuke.Signing;

/// <summary>Opens the signer that a parameter or a declaration names.</summary>
internal static class SignerFactory
{
    /// <summary>Opens a signer. A service is not asked yet.</summary>
    /// <param name="text">The key, or the pattern of it.</param>
    /// <param name="name">The environment, for <c>{environment}</c>.</param>
    /// <param name="password">The password of an encrypted key; null when there is none.</param>
    /// <param name="identity">The Azure identity of the environment; null for the default sign-in.</param>
    /// <param name="build">The build.</param>
    public static ISigner Open(string text, string name, string? password, AzureIdentity? identity, INukeBuild build)
    {
        return SigningKeyReference.Parse(text).ForEnvironment(name) switch
        {
            KeyVaultKeyReference key => new KeyVaultSigner(AzureSessions.Of(build), identity, key),
            CommandKeyReference command => new CommandSigner(command, new CommandSignerOptions { Folder = build.RootDirectory }),
            KeyFileReference file => PemSigner.ReadFile(file.GetFullPath(build.RootDirectory), password, $"the key file {file.Path}"),
            var other => throw new NotSupportedException($"Keys of the type {other.GetType().Name} cannot be opened."),
        };
    }
}
