using System.CommandLine;
using Gantry.Oci;

namespace Gantry.Cli.SignIn;

/// <summary>The argument that names a registry: a host, with its port.</summary>
internal static class RegistryArgument
{
    /// <summary>Creates the argument.</summary>
    public static Argument<string> Create() => CopyArguments.Argument<string>(
        "registry", "The host of the registry, with its port: contoso.azurecr.io, docker.io, localhost:5000.");

    /// <summary>Returns the host; throws <c>GAN2058</c> for a folder or an archive, and <c>GAN1006</c> for what is no address.</summary>
    public static string HostOf(ParseResult parsed, Argument<string> argument)
    {
        var text = parsed.GetRequiredValue(argument);

        // docker login accepts an address, too.
        var address = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? text["https://".Length..] : text;
        return RegistryAddress.Parse(address.TrimEnd('/')) is HostAddress host ? host.Host : throw SignInErrors.NotARegistry(text);
    }
}
