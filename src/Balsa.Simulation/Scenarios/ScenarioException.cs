namespace Balsa.Simulation.Scenarios;

/// <summary>The script asks for something that makes no sense. The message says what, in the script's words.</summary>
public sealed class ScenarioException(string message) : Exception(message);
