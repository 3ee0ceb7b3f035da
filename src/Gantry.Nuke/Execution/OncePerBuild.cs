using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Gantry.Nuke.Execution;

/// <summary>Caches values for each build object, for its lifetime. Components are interfaces and have no fields.</summary>
internal static class OncePerBuild
{
    private static readonly ConditionalWeakTable<INukeBuild, ConcurrentDictionary<(Type, string), object>> Values = [];

    public static T Once<T>(this INukeBuild build, Func<T> compute, [CallerMemberName] string member = "")
        where T : class =>
        (T)Values.GetOrCreateValue(build).GetOrAdd((typeof(T), member), static (_, create) => create(), compute);
}
