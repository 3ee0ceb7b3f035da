using Gantry.Environments;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>
/// Evaluates gates of one kind while a promotion is planned, from what can be read: registries, the clock, a service. A gate that no
/// evaluator holds is left to the person who runs the promotion, or to the service that runs it.
/// </summary>
public interface IGateEvaluator
{
    /// <summary>Returns true when this evaluator handles the gate.</summary>
    bool CanEvaluate(Gate gate);

    /// <summary>
    /// Evaluates the gate; writes nothing. An error stops the promotion before anything is written, so a gate that must not be passed by a
    /// person throws a <see cref="GantryException"/> when it does not hold.
    /// </summary>
    Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken);
}

/// <summary>The promotion that a gate is evaluated for.</summary>
/// <param name="request">The release and its targets.</param>
/// <param name="registries">The client that opens registries, with the credentials of the promotion.</param>
/// <param name="time">The clock.</param>
public sealed class GateContext(PromotionRequest request, IRegistryClient registries, TimeProvider time)
{
    /// <summary>The release and its targets.</summary>
    public PromotionRequest Request => request;

    /// <summary>The client that opens registries, with the credentials of the promotion.</summary>
    public IRegistryClient Registries => registries;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The files with the public keys that gates trust; those below the current folder by default.</summary>
    public KeyFiles Keys { get; init; } = new(".");

    /// <summary>
    /// The keys of those who built the release, as far as the caller knows them. Gates that want others also find those that have signed
    /// provenance beside an image.
    /// </summary>
    public IReadOnlyList<VerificationKey> BuilderKeys { get; init; } = [];

    /// <summary>The keys whose approvals do not count because of what else they sign: that of the promotion.</summary>
    public IReadOnlyList<VerificationKey> ExcludedApprovers { get; init; } = [];

    /// <summary>
    /// What shows that the release was in the previous environment, when the promotion returns to it; null otherwise. It has been through
    /// soak times then.
    /// </summary>
    public string? EarlierStay { get; init; }
}

/// <summary>The result of evaluating a gate.</summary>
public sealed class GateEvaluation
{
    private readonly GateVerdict? _verdict;
    private readonly string? _finding;
    private readonly string? _reason;
    private readonly bool _doesNotHold;

    private GateEvaluation(GateVerdict? verdict, string? finding, string? reason = null, bool doesNotHold = false)
    {
        _verdict = verdict;
        _finding = finding;
        _reason = reason;
        _doesNotHold = doesNotHold;
    }

    /// <summary>The gate holds.</summary>
    /// <param name="finding">The details, for the plan and the record: <c>built from main</c>.</param>
    public static GateEvaluation Holds(string finding) => new(GateVerdict.Held, finding);

    /// <summary>
    /// The gate does not hold. A person may let the release pass all the same, and the record says so. A service that runs the promotion
    /// may not: it did not see what the evaluation found.
    /// </summary>
    /// <param name="finding">The details: <c>built from topic/x</c>.</param>
    public static GateEvaluation DoesNotHold(string finding) => new(verdict: null, "does not hold: " + finding, doesNotHold: true);

    /// <summary>
    /// It cannot be determined whether the gate holds. A person may let the release pass, or the service that runs the promotion, and the
    /// record says so.
    /// </summary>
    /// <param name="finding">The reason.</param>
    public static GateEvaluation Unknown(string finding) => new(verdict: null, finding);

    /// <summary>The gate does not hold or cannot be determined, and the request overrides it with a reason.</summary>
    /// <param name="reason">The reason of the person who overrides it.</param>
    /// <param name="finding">The details of the evaluation.</param>
    public static GateEvaluation Overridden(string reason, string finding)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(GateVerdict.Overridden, finding, reason);
    }

    internal PlannedGate Plan(Gate gate) => new(gate)
    {
        Verdict = _verdict,
        Finding = _finding,
        Reason = _reason,
        DoesNotHold = _doesNotHold,
    };
}
