using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Gantry.Nuke;

/// <summary>
/// Components are interfaces and have no fields. What is costly is computed once for each build object and kept as long as it lives.
/// </summary>
internal static class OncePerBuild
{
    private static readonly ConditionalWeakTable<INukeBuild, ConcurrentDictionary<(Type, string), object>> Values = [];

    public static T Once<T>(this INukeBuild build, Func<T> compute, [CallerMemberName] string member = "")
        where T : class =>
        (T)Values.GetOrCreateValue(build).GetOrAdd((typeof(T), member), static (_, create) => create(), compute);
}
