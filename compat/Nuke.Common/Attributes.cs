namespace Nuke.Common;

/// <summary>A parameter or injected value without which nothing is executed.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class RequiredAttribute : Attribute;

/// <summary>An injected value whose failure is no reason to warn.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class OptionalAttribute : Attribute;

/// <summary>A parameter whose value must not be shown.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public class SecretAttribute : Attribute;

/// <summary>What the names of a component's parameters start with.</summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public class ParameterPrefixAttribute(string prefix) : Attribute
{
    public string Prefix { get; } = prefix.EndsWith("Prefix", StringComparison.Ordinal) ? prefix[..^"Prefix".Length] : prefix;
}
