using System.Reflection;

namespace Nuke.Common.Utilities;

public static class ExceptionExtensions
{
    /// <summary>The exception that somebody threw, without what reflection and type initialization wrap around it.</summary>
    public static Exception Unwrap(this Exception exception)
        => exception switch
        {
            TypeInitializationException { InnerException: { } inner } => inner.Unwrap(),
            TargetInvocationException { InnerException: { } inner } => inner.Unwrap(),
            AggregateException aggregate => aggregate.Flatten(),
            _ => exception
        };
}
