namespace Nuke.Common.Tooling;

public static class OptionsExtensions
{
    public static T Modify<T>(this T options, Action<IOptions> modification = null)
        where T : IOptions
    {
        var copy = (T)(IOptions)((Options)(IOptions)options).Copy();
        modification?.Invoke(copy);
        return copy;
    }

    public static T Apply<T>(this T options, Configure<T> configurator)
        where T : Options, new()
        => configurator(options);

    public static T[] Apply<T>(this T[] options, Configure<T> configurator)
        where T : Options, new()
        => Array.ConvertAll(options, x => configurator(x));

    public static T Apply<T, TValue>(this T options, Configure<T, TValue> configurator, TValue value)
        where T : Options, new()
        => configurator(options, value);

    public static T[] Apply<T, TValue>(this T[] options, Configure<T, TValue> configurator, TValue value)
        where T : Options, new()
        => Array.ConvertAll(options, x => configurator(x, value));

    public static T When<T>(this T options, Func<T, bool> condition, Configure<T> configurator)
        where T : Options, new()
        => condition(options) ? configurator(options) : options;

    public static T[] When<T>(this T[] options, Func<T, bool> condition, Configure<T> configurator)
        where T : Options, new()
        => Array.ConvertAll(options, x => x.When(condition, configurator));

    public static T[] CombineWith<T>(this T options, params Configure<T>[] configurators)
        where T : Options, new()
        => Array.ConvertAll(configurators, x => x(options));

    public static T[] CombineWith<T, TValue>(this T options, IEnumerable<TValue> values, Func<T, TValue, T> configurator)
        where T : Options
        => values.Select(x => configurator(options, x)).ToArray();

    public static T[] CombineWith<T, TValue>(this T options, IEnumerable<TValue> values, Func<T, TValue, IEnumerable<T>> configurator)
        where T : Options
        => values.SelectMany(x => configurator(options, x)).ToArray();

    public static T[] CombineWith<T, TValue>(this IEnumerable<T> options, IEnumerable<TValue> values, Func<T, TValue, T> configurator)
        where T : Options
        => options.SelectMany(x => values.Select(y => configurator(x, y))).ToArray();

    internal static T With<T>(this T options, string name, object value)
        where T : Options
    {
        var copy = (T)options.Copy();
        copy.SetNamed(name, value);
        return copy;
    }

    internal static T WithItems<T>(this T options, string name, IEnumerable<string> items)
        where T : Options
        => options.With(name, (IReadOnlyList<string>)[.. options.GetNamed<IReadOnlyList<string>>(name) ?? [], .. items]);

    internal static T WithPair<T, TValue>(this T options, string name, string key, TValue value)
        where T : Options
    {
        var previous = options.GetNamed<IReadOnlyDictionary<string, TValue>>(name);
        var pairs = new OrderedDictionary<string, TValue>(previous ?? new Dictionary<string, TValue>());
        if (value == null)
            pairs.Remove(key);
        else
            pairs[key] = value;
        return options.With(name, (IReadOnlyDictionary<string, TValue>)pairs);
    }
}
