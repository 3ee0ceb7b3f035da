using System.Linq.Expressions;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>
/// A NUKE build that fails with one clear sentence when its command line is wrong, shows its plan and environments, and keeps its generated
/// files up to date. Derive from it, or put its attributes on a build class with another base class. Promotions are protected either way:
/// the targets of these components run only with a valid command line.
/// </summary>
[DescribeTargets]
[CompleteNames]
[StrictParameters]
[ListEnvironments]
[ShowPlan]
[DryRunExitCode]
[PlainOutput]
[RunOutput]
[ReuseUnchanged]
[RegenerateFiles]
public abstract class GantryBuild : NukeBuild
{
    /// <inheritdoc cref="NukeBuild.Execute{T}"/>
    protected static new int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new()
    {
        Interruption.Listen();
        OutputColors.Adapt();
        try
        {
            EarlyParameters.Check();
            EnvironmentValues.Check(typeof(T));
            DeclaredMembers.Check(typeof(T));
            BuildLog.EnsureUnused(TemporaryDirectory / "build.log");
            var exitCode = NukeBuild.Execute(defaultTargetExpressions);
            return Interruption.ExitCode ?? exitCode;
        }
        catch (GantryException error)
        {
            return Fail(error);
        }
        catch (TypeInitializationException exception)
        {
            // Parameters with the same error in environment variables or in a file.
            return Fail(ParameterErrors.CannotStart(exception.GetBaseException()));
        }
    }

    private static int Fail(GantryException error)
    {
        BuildOutput.Error.WriteLine(error.Message);
        return -1;
    }
}
