namespace Gantry.Nuke.Registries;

/// <summary>GAN8080: the user name and the password for a registry in environment variables.</summary>
internal static class RegistryPasswordErrors
{
    public static GantryException Incomplete(string host, string given, string missing) =>
        new(
            "GAN8080",
            $"the credential for {host} is incomplete: {given} is set and {missing} is not",
            $"set the environment variable {missing} (generated pipelines map it into the step), or remove {given}");
}
