using System.Reflection;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Ends the build with one clear sentence for a target, parameter or profile that nobody declares, a value that does not parse and a
/// required one that is missing; NUKE by itself ignores, warns and asks. Put it on the build class.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StrictParametersAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized
{
    /// <summary>Before NUKE injects values, whose warnings would come first.</summary>
    public override float Priority { get; set; } = 200;

    /// <inheritdoc/>
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var declared = DeclaredParameter.Of(Build).ToDictionary(parameter => CommandLine.Normal(parameter.Name));

        var given = new HashSet<DeclaredParameter>();
        foreach (var (name, values) in CommandLine.Read(EnvironmentInfo.CommandLineArguments))
        {
            var parameter = Find(name, declared);
            if (!given.Add(parameter))
                throw BuildErrors.GivenTwice(name);
            if (values.Count == 0 && parameter.NeedsValue)
                throw BuildErrors.ValueMissing(name);
            Check(name, values, parameter);
        }

        foreach (var (name, values, file) in ParametersFile.Read(Build))
            Check($"'{name}' in {file}", values, Find(name, declared));

        foreach (var parameter in declared.Values.Where(parameter => parameter.Type != typeof(string)))
            CheckEnvironment(parameter);

        GivenTargets.Check(executableTargets);
    }

    /// <inheritdoc/>
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var running = executionPlan.Where(GivenTargets.WillRun).ToList();
        foreach (var target in running)
        foreach (var parameter in target.DelegateRequirements.Select(RequiredParameter.Of).OfType<MemberInfo>())
        {
            if (Value(parameter) is null or "")
                throw BuildErrors.RequiredParameterMissing(target.Name, CommandLine.Dashed(parameter.GetCustomAttribute<ParameterAttribute>()!.Name ?? parameter.Name));
        }

        if (Build is IHazRegistries registries)
            RegistryParameters.Check(registries, running);
    }

    private static DeclaredParameter Find(string name, Dictionary<string, DeclaredParameter> declared) =>
        declared.GetValueOrDefault(CommandLine.Normal(name))
        ?? throw BuildErrors.UnknownParameter(name, Similarity.Nearest(name, declared.Values.Select(parameter => CommandLine.Dashed(parameter.Name))));

    private static void Check(string origin, IReadOnlyList<string> values, DeclaredParameter parameter)
    {
        if (values.Count > 1 && !parameter.IsList)
            throw BuildErrors.SeveralValues(origin, values);
        if (values.Count > 0 && !parameter.Accepts(values))
            throw BuildErrors.ValueDoesNotParse(origin, string.Join(' ', values), parameter.Expected());
    }

    private static void CheckEnvironment(DeclaredParameter parameter)
    {
        // X, or X with a prefix, whatever the case and the underscores; only the prefixed form is surely meant for the build.
        var names = BuildSystem.VariablePrefixes.Select(prefix => prefix + CommandLine.Normal(parameter.Name));
        var variable = EnvironmentInfo.Variables.FirstOrDefault(pair => names.Contains(CommandLine.Normal(pair.Key)));
        if (variable.Value is { Length: > 0 } value && !parameter.Accepts([value]))
            throw BuildErrors.ValueDoesNotParse($"the environment variable {variable.Key}", value, parameter.Expected());
    }

    private object? Value(MemberInfo member) => member is FieldInfo field ? field.GetValue(Build) : ((PropertyInfo)member).GetValue(Build);
}
