namespace Balsa.Simulation.Scenarios;

/// <summary>How one script went.</summary>
/// <param name="FirstDifference">The first line that differs, counted from 1; 0 when the script played as recorded.</param>
public readonly record struct ScenarioResult(string Name, int FirstDifference, string Expected, string Actual)
{
    public bool PlayedAsRecorded => FirstDifference == 0;

    public override string ToString() => PlayedAsRecorded
        ? $"{Name}: as recorded" : $"{Name}: line {FirstDifference} should be \"{Expected}\" and is \"{Actual}\"";
}
