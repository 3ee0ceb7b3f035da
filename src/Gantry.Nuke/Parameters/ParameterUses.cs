using System.Linq.Expressions;

namespace Gantry.Nuke.Parameters;

/// <summary>The parameters that a target uses. It is declared with a requirement that always holds, the only part of a target that other
/// code can read.</summary>
/// <param name="names">The names of the parameters.</param>
internal sealed class ParameterUses(params IReadOnlyList<string> names)
{
    /// <summary>
    /// True when the target works with registries. It then counts as using all parameters of registries and identities, so that a script
    /// can give every run the same ones.
    /// </summary>
    public bool Registries { get; init; }

    /// <summary>True when the target writes outside of the working folder and knows no dry run.</summary>
    public bool WritesAlways { get; init; }

    /// <summary>True: the declaration is no condition.</summary>
    public bool AreDeclared { get; } = true;

    /// <summary>True when a parameter of a component is among them.</summary>
    public bool Contains(string name) => names.Any(used => CommandLine.Normal(used) == CommandLine.Normal(name));

    /// <summary>Returns what a target declares; null when it declares nothing.</summary>
    public static ParameterUses? Of(IEnumerable<LambdaExpression> requirements)
    {
        var declared = requirements.Select(Find).OfType<ParameterUses>().ToList();
        return declared.Count == 0 ? null : declared.Aggregate((one, other) => one.With(other));
    }

    private ParameterUses With(ParameterUses other) => new([.. names, .. other.Names])
    {
        Registries = Registries || other.Registries,
        WritesAlways = WritesAlways || other.WritesAlways,
    };

    private IReadOnlyList<string> Names => names;

    private static ParameterUses? Find(LambdaExpression requirement) =>
        requirement.Body is MemberExpression { Member.Name: nameof(AreDeclared), Expression: { } owner }
            && owner.Type == typeof(ParameterUses)
            ? Expression.Lambda<Func<ParameterUses>>(owner).Compile(preferInterpretation: true)()
            : null;
}
