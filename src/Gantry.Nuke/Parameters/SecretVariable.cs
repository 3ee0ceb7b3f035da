using System.Text.RegularExpressions;

namespace Gantry.Nuke.Parameters;

/// <summary>Environment variables that hold secrets: passwords of registries and of keys.</summary>
internal static partial class SecretVariable
{
    /// <summary>
    /// Throws <c>GAN7055</c> for a value that is the macro of a variable which the agent does not know. A password may contain one as part
    /// of it.
    /// </summary>
    public static void RefuseMacro(string name, string value)
    {
        if (Macro().IsMatch(value))
            throw ParameterErrors.Macro($"the environment variable {name}", 0);
    }

    [GeneratedRegex(@"\A\$\([A-Za-z0-9._-]+\)\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Macro();
}
