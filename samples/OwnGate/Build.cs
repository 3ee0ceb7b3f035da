using Gantry;
using Gantry.Environments;
using Gantry.Nuke;
using Gantry.Promotion;

/// <summary>
/// Stops releases during a freeze: a file in the repository gives the reason, until a person removes it. A gate is a record that an
/// environment declares; an evaluator decides whether it holds.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev") { Gates = [new NoFreezeGate("freeze.txt")] };

    public Configure<IReadOnlyList<IGateEvaluator>> GateEvaluatorSettings => _ => [new NoFreezeEvaluator(RootDirectory), .. _];

    Target PromoteDev => _ => _.Promote(this, Dev);
}

/// <summary>Holds while there is no such file. The description is what people and records call the gate.</summary>
record NoFreezeGate(string File) : Gate
{
    public override string Description => $"no {File}";

    // An error of the declaration, and not of the promotion.
    protected override string? Validate() => Path.IsPathRooted(File) ? $"{File} is not a path in the repository" : null;
}

/// <summary>Looks for the file while the promotion is planned, before anything is written.</summary>
class NoFreezeEvaluator(AbsolutePath root) : IGateEvaluator
{
    public bool CanEvaluate(Gate gate) => gate is NoFreezeGate;

    public async Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken)
    {
        var file = root / ((NoFreezeGate)gate).File;
        if (!file.FileExists())
            return GateEvaluation.Holds("there is no freeze");

        // With DoesNotHold, a person can still let the release pass; an error cannot be overridden.
        var reason = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        return reason.StartsWith("hard:", StringComparison.Ordinal)
            ? throw new GantryException(
                "APP1003",
                $"{context.Request.Release.Version} is frozen ({reason})",
                $"wait, or remove {file.Name}")
            : GateEvaluation.DoesNotHold(reason);
    }
}
