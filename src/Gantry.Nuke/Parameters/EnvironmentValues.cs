using System.Reflection;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Checks the values of environment variables before the build system converts them: it prints a value that does not convert as it is, and
/// any program, user or pull request may have set a variable.
/// </summary>
internal static class EnvironmentValues
{
    /// <summary>Throws <c>GAN7061</c> for a value that would act where the build system prints it.</summary>
    public static void Check(Type build)
    {
        var parameters = DeclaredParameter.MembersOf(build).ToLookup(member => CommandLine.Normal(DeclaredParameter.NameOf(member)));
        foreach (var (variable, value) in EnvironmentInfo.Variables)
        {
            if (DisplayText.Neutralize(value) != value
                && NamesFor(variable).Any(name => parameters[name].Any(member => IsPrinted(member, value))))
                throw ParameterErrors.ActiveValue(variable, value);
        }
    }

    // The build system prints what does not convert, and names of targets, hosts and profiles that do not exist.
    private static bool IsPrinted(MemberInfo member, string value)
    {
        var parameter = DeclaredParameter.Of(member);
        return parameter.LeftToBuildSystem
            || (BuildSystem.Owns(member.DeclaringType!) && parameter.Type != typeof(string))
            || !parameter.Accepts([value]);
    }

    // X, or X with a prefix, ignoring case and underscores.
    private static IEnumerable<string> NamesFor(string variable)
    {
        var name = CommandLine.Normal(variable);
        return BuildSystem.VariablePrefixes
            .Where(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(prefix => name[prefix.Length..])
            .Prepend(name);
    }
}
