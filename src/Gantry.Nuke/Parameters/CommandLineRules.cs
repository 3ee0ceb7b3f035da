using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Rejects command lines that NUKE would accept or only warn about: unknown parameters, targets and profiles, and values that do not parse.
/// </summary>
internal static class CommandLineRules
{
    /// <summary>
    /// Throws <c>GAN7003</c> for an unknown parameter, <c>GAN7004</c> for a value that does not parse, <c>GAN7041</c> for a missing value,
    /// <c>GAN7042</c> for an unknown target, <c>GAN7054</c> for a blank value on the command line, <c>GAN7055</c> for a value with
    /// <c>$(</c>, <c>GAN7061</c> for a variable that would act where it is printed, <c>GAN8081</c> for a credential, and <c>GAN7014</c> or
    /// <c>GAN7043</c> for a parameter file that cannot be read. The check runs once per build, although both the attribute of the build
    /// class and the targets of the components call it.
    /// </summary>
    /// <param name="build">The build.</param>
    /// <param name="targets">The names of its targets.</param>
    /// <param name="listed">The targets that an error message lists.</param>
    public static void Check(INukeBuild build, IReadOnlyCollection<string> targets, IReadOnlyCollection<string> listed) =>
        build.Once(() => Checked(build, targets, listed), nameof(CommandLineRules));

    private static object Checked(INukeBuild build, IReadOnlyCollection<string> targets, IReadOnlyCollection<string> listed)
    {
        var declared = DeclaredParameter.Of(build).ToDictionary(parameter => CommandLine.Normal(parameter.Name));
        var components = ComponentParameters.Of(build);

        var given = new HashSet<DeclaredParameter>();
        foreach (var (name, values) in CommandLine.Read(EnvironmentInfo.CommandLineArguments))
        {
            var parameter = declared.GetValueOrDefault(CommandLine.Normal(name))
                ?? throw (OnlyInEnvironment(name, build) is { } variable
                    ? ParameterErrors.OnlyInEnvironment(name, variable)
                    : ParameterErrors.UnknownParameter(
                        name, Similarity.Nearest(name, declared.Values.Select(parameter => CommandLine.Dashed(parameter.Name)))));
            if (!given.Add(parameter))
                throw ParameterErrors.GivenTwice(name);
            if (values.Count == 0 && parameter.NeedsValue)
                throw ParameterErrors.ValueMissing(name);
            if (components.Find(name) is not null && values.Any(string.IsNullOrWhiteSpace))
                throw ParameterErrors.BlankValue(name);
            Check(name, values, parameter, components);
        }

        foreach (var (name, values, file) in ParametersFile.Read(build))
        {
            var parameter = declared.GetValueOrDefault(CommandLine.Normal(name))
                ?? throw (OnlyInEnvironment(name, build) is { } variable
                    ? ParameterErrors.OnlyInEnvironment($"'{name}' in {file}", variable)
                    : ParameterErrors.UnknownParameterInFile(
                        file, name, Similarity.Nearest(name, declared.Values.Select(parameter => parameter.Name))));
            Check($"'{name}' in {file}", values, parameter, components);
        }

        foreach (var parameter in declared.Values)
            CheckEnvironment(parameter, components);
        EnvironmentValues.Check(build.GetType());

        CommandLineTargets.Check(targets, listed);
        return new object();
    }

    // The user name and the password for a registry, and the password of a key.
    private static string? OnlyInEnvironment(string name, INukeBuild build)
    {
        var environments = EnvironmentDeclarations.Of(build)?.ToList() ?? [];
        return environments
            .SelectMany(environment => environment.RegistryParameters)
            .Concat([nameof(IHazRegistries.BaseRegistry), nameof(IHazRegistries.ImageStore)])
            .SelectMany(parameter => (string[])[RegistryVariables.UserOf(parameter), RegistryVariables.PasswordOf(parameter)])
            .Concat(environments.Select(environment => environment.SigningKeyParameter)
                .Append(nameof(IHazSigningKeys.BaseSigningKey))
                .Append(nameof(IRebuildReleases.RebuildKey))
                .Select(SigningKeyVariables.PasswordOf))
            .FirstOrDefault(variable => CommandLine.Normal(variable) == CommandLine.Normal(name));
    }

    private static void Check(
        string origin, IReadOnlyList<string> values, DeclaredParameter parameter, ComponentParameters components)
    {
        foreach (var value in components.Find(parameter.Name) is null ? [] : values)
            RefuseMacro(origin, value);
        if (values.Count > 1 && !parameter.IsList)
            throw ParameterErrors.SeveralValues(origin, values);
        if (values.Count > 0 && !parameter.Accepts(values))
            throw ParameterErrors.ValueDoesNotParse(origin, string.Join(' ', values), parameter.Expected());
    }

    private static void CheckEnvironment(DeclaredParameter parameter, ComponentParameters components)
    {
        var normal = CommandLine.Normal(parameter.Name);
        if (components.Find(parameter.Name) is not null)
        {
            foreach (var (name, value) in Variables([normal, .. BuildSystem.VariablePrefixes.Select(prefix => prefix + normal)]))
                RefuseMacro($"the environment variable {name}", value);
        }

        // X, or X with a prefix, ignoring case and underscores. Only the prefixed form is certain to be meant for the build.
        if (parameter.Type == typeof(string))
            return;
        var variable = Variables([.. BuildSystem.VariablePrefixes.Select(prefix => prefix + normal)]).FirstOrDefault();
        if (variable.Value is { Length: > 0 } given && !parameter.Accepts([given]))
            throw ParameterErrors.ValueDoesNotParse($"the environment variable {variable.Key}", given, parameter.Expected());
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables(IReadOnlyList<string> names) =>
        EnvironmentInfo.Variables.Where(pair => names.Contains(CommandLine.Normal(pair.Key)));

    // An agent replaces a macro before this program sees it. One that is left has no variable, and the next run may have one.
    private static void RefuseMacro(string origin, string value)
    {
        if (value.IndexOf("$(", StringComparison.Ordinal) is var position and >= 0)
            throw ParameterErrors.Macro(origin, position);
    }
}
