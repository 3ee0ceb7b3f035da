namespace Gantry.Promotion;

/// <summary>The reason why a gate holds.</summary>
public enum GateVerdict
{
    /// <summary>The registries and the clock showed that it holds.</summary>
    Held,

    /// <summary>The person who ran the promotion approved it.</summary>
    Approved,

    /// <summary>The service that ran the promotion evaluated it.</summary>
    Service,

    /// <summary>It did not hold, and a person overrode it with a reason.</summary>
    Overridden,
}
