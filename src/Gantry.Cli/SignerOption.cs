using System.Collections.Concurrent;
using System.CommandLine;
using Gantry.Azure;
using Gantry.Azure.KeyVault;
using Gantry.Signing;

namespace Gantry.Cli;

/// <summary>The option that names the key which signs records, for each environment one.</summary>
internal sealed class SignerOption
{
    private readonly Option<string?> _key;

    /// <summary>Creates the option.</summary>
    /// <param name="signs">What it signs: <c>the records of deletions</c>.</param>
    public SignerOption(string signs) => _key = new("--signing-key")
    {
        Description = $"The key that signs {signs}, with {{environment}} for the name ('base' for the build): "
            + "a PEM file, a key in Azure Key Vault by its address, or command:PROGRAM.",
        HelpName = "key",
    };

    /// <summary>The option.</summary>
    public Option<string?> Option => _key;

    /// <summary>
    /// Returns the signer for the name of an environment, or for <c>base</c>; null without a key. One for each in the whole run: a key in a
    /// vault keeps its version.
    /// </summary>
    public Func<string, ISigner?> Open(CommandContext context, ParseResult parsed)
    {
        var key = parsed.GetValue(_key);
        var azure = new Lazy<AzureSession>(() => new AzureSession(context.AzureOptions(parsed)));
        var signers = new ConcurrentDictionary<string, ISigner>(StringComparer.Ordinal);
        return name => key is null ? null : signers.GetOrAdd(name, _ => OpenSigner(key, name, azure));
    }

    private static ISigner OpenSigner(string key, string name, Lazy<AzureSession> azure) =>
        SigningKeyReference.Parse(key).ForEnvironment(name) switch
        {
            KeyVaultKeyReference vault => OpenVault(vault, azure),
            CommandKeyReference command => new CommandSigner(command, new CommandSignerOptions { Folder = "." }),
            KeyFileReference file => PemSigner.ReadFile(file.GetFullPath("."), PasswordOf(name), $"the key file {file.Path}"),
            var other => throw new NotSupportedException($"Keys of the type {other.GetType().Name} cannot be opened."),
        };

    // As the build has it: ProdSigningKeyPassword, or SigningKeyPassword for all.
    private static string? PasswordOf(string name)
    {
        var own = new Gantry.Environments.PromotionEnvironment(name).SigningKeyParameter;
        return Environment.GetEnvironmentVariable(Gantry.Environments.SigningKeyVariables.PasswordOf(own))
            ?? Environment.GetEnvironmentVariable(Gantry.Environments.SigningKeyVariables.PasswordOf("SigningKey"));
    }

    // On its own: it loads the libraries for Azure.
    private static KeyVaultSigner OpenVault(KeyVaultKeyReference key, Lazy<AzureSession> azure) => new(azure.Value, identity: null, key);
}
