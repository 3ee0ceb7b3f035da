namespace Nuke.Common.Utilities;

public static class ObjectExtensions
{
    public static TOutput Apply<TInput, TOutput>(this TInput input, Func<TInput, TOutput> transform) => transform(input);

    public static T When<T>(this T input, bool condition, Func<T, T> transform) => condition ? transform(input) : input;

    public static T WhenNotNull<T, TObject>(this T input, TObject obj, Func<T, TObject, T> transform)
        => obj != null ? transform(input, obj) : input;
}
