namespace Balsa.Storage.Steps;

/// <summary>
/// Carries out one step at a time and writes the result into it: in production against the operating system, in the
/// simulator against a disk that loses, tears, reorders, corrupts and stalls. It never throws; errors are results.
/// </summary>
public interface IDisk
{
    /// <summary>Everything but <see cref="StepKind.Wait"/>, which is for whoever drives the planner.</summary>
    void Execute(IoStep step);
}
