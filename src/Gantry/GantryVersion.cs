using System.Reflection;

namespace Gantry;

/// <summary>The version of this library, for records.</summary>
internal static class GantryVersion
{
    /// <summary>The version without its build metadata: <c>1.4.0</c>.</summary>
    public static string Current { get; } =
        (typeof(GantryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown")
            .Split('+')[0];

    /// <summary>The version by the name of the library.</summary>
    public static IReadOnlyDictionary<string, string> Named { get; } = new Dictionary<string, string> { ["gantry"] = Current };
}
