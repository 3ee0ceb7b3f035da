using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Nuke.Registries;

/// <summary>
/// Reads user names and passwords from environment variables that are named after the parameters of registries, each for the host of that
/// registry only. They are no parameters: a command line and a file would show the password.
/// </summary>
/// <param name="registries">The parameters and hosts of registries. Where two have one host, the first one with a variable counts.</param>
/// <param name="variable">Finds the value of an environment variable.</param>
internal sealed class RegistryPasswords(
    IReadOnlyList<(string Parameter, string Host)> registries, Func<string, string?> variable) : ICredentialSource
{
    /// <summary>Gets the parameter whose variables hold the credential, by registry host.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; } = registries
        .Where(registry => Value(registry.Parameter, variable) is not (null, null))
        .DistinctBy(registry => registry.Host, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(registry => registry.Host, registry => registry.Parameter, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns those for a run. Where registries share a host, that of the promoted environment comes first, then that of the environment
    /// before it, then the base registry.
    /// </summary>
    /// <param name="settings">The registries of the build.</param>
    /// <param name="environment">The environment to promote to, or null.</param>
    public static RegistryPasswords Of(RegistrySettings settings, PromotionEnvironment? environment)
    {
        PromotionEnvironment?[] first = [environment, environment?.After];
        IEnumerable<(string Parameter, string? Address)> registries =
        [
            .. first.OfType<PromotionEnvironment>().SelectMany(Of),
            (nameof(IHazRegistries.BaseRegistry), settings.BaseRegistry),
            .. (EnvironmentDeclarations.Of(settings.Build)?.ToList() ?? []).SelectMany(Of),
            (nameof(IHazRegistries.ImageStore), settings.ImageStore),
        ];
        return new(
            [
                .. registries
                    .Select(registry => (registry.Parameter, Host: HostOf(registry.Address)))
                    .Where(registry => registry.Host is not null)
                    .Select(registry => (registry.Parameter, registry.Host!)),
            ],
            TextParameter.FindVariable);

        IEnumerable<(string, string?)> Of(PromotionEnvironment declared) =>
            declared.RegistryParameters.Select(parameter => (parameter, settings.Find(parameter)));
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException">
    /// <c>GAN8080</c>: one of the two variables is missing; <c>GAN7055</c>: the agent had no value for one.
    /// </exception>
    public ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (!Parameters.TryGetValue(host, out var parameter))
            return default;
        var (userName, userPassword) = (RegistryVariables.UserOf(parameter), RegistryVariables.PasswordOf(parameter));
        switch (Value(parameter, variable))
        {
            case ({ } user, { } password):
                SecretVariable.RefuseMacro(userName, user);
                SecretVariable.RefuseMacro(userPassword, password);
                BuildOutput.Secrets.AddPassword(user, password);
                return new(new PasswordCredential(user, password));
            case (null, _):
                throw RegistryPasswordErrors.Incomplete(host, userPassword, userName);
            default:
                throw RegistryPasswordErrors.Incomplete(host, userName, userPassword);
        }
    }

    private static (string? User, string? Password) Value(string parameter, Func<string, string?> variable) => (
        variable(RegistryVariables.UserOf(parameter)).NullIfWhiteSpace(),
        variable(RegistryVariables.PasswordOf(parameter)).NullIfWhiteSpace());

    // The target that needs an address reports that it is not valid.
    private static string? HostOf(string? text) =>
        RegistryAddress.TryParse(text, out var address) && address is HostAddress host ? host.Host : null;
}
